import { type Rao, rao } from '../../amount/index.ts';
import type { Paying } from '../rules/index.ts';
import { type PayingOptions, readPaying } from '../state/paying.ts';
import type { Call, Chain } from '../types.ts';
import { billOf, type RunBill, suggestedCeiling, unregistered } from './bills.ts';
import { composeRegistration, holdsCeiling, type ProxyUse } from './call.ts';
import type { Way } from './journal/index.ts';
import { refuseImpossible, refuseSubnet, refuseSwitchedOff } from './refusal.ts';
import type { RegisterRequest } from './request.ts';
import { type Survey, subnetExists, surveyRegistration } from './survey.ts';

/** Enough to find the week; the person waits for the bill. */
const MOST_LOOKS = 20;

/** Everything there is to know before a registration is agreed to. Nothing is signed yet. */
export interface Preparation {
  readonly request: RegisterRequest;
  readonly survey: Survey;
  readonly paying: Paying;
  /** Fee of one registration by the node's estimate; undefined when it is not known who signs. */
  readonly fee: Rao | undefined;
  /** Undefined when it is not known who pays. */
  readonly bill: RunBill | undefined;
  /** Whether the chain itself refuses a price above the ceiling. */
  readonly ceilingHeld: boolean;
  readonly suggestedCeiling: Rao;
}

export interface PrepareOptions {
  /** Price that is waited for: the bill is made for it when the price is higher now. */
  readonly waitFor?: Rao | undefined;
  /** Asks the node for a call's fee, in rao. */
  readonly estimateFee: (chain: Chain, call: Call, signerPublicKey: Uint8Array) => Promise<bigint>;
  /** An archive node of the same chain, asked since when nobody is paid where the chain has forgotten it. */
  readonly archive?: PayingOptions['archive'];
}

/**
 * Reads what decides a registration, makes the bill, and refuses what the chain would refuse.
 * @throws ERR_CANNOT_REGISTER, ERR_POW_NOT_ALLOWED, ERR_PROXY, ERR_BALANCE_TOO_LOW
 */
export async function prepareRegistration(
  chain: Chain,
  request: RegisterRequest,
  { waitFor, estimateFee, archive }: PrepareOptions,
): Promise<Preparation> {
  const { netuid, way, signer } = request;
  refuseSubnet(netuid, netuid === 0 || (await subnetExists(chain, netuid)));
  const [survey, paying] = await Promise.all([
    surveyRegistration(chain, request),
    readPaying(chain, netuid, { mostLooks: MOST_LOOKS, archive }),
  ]);
  refuseSwitchedOff(request, survey);
  const price = waitFor !== undefined && waitFor < survey.price ? waitFor : survey.price;
  const first = unregistered(survey)[0];
  const fee =
    signer === undefined || first === undefined
      ? undefined
      : rao(
          await estimateFee(
            chain,
            sampleCall(chain, netuid, way, first.target.ss58, price, proxyUse(request, survey)),
            signer.publicKey,
          ),
        );
  const bill = fee === undefined ? undefined : billOf(survey, { price, fee, way });
  refuseImpossible(request, survey, bill);
  return {
    request,
    survey,
    paying,
    fee,
    bill,
    ceilingHeld: holdsCeiling(chain),
    suggestedCeiling: suggestedCeiling(survey),
  };
}

/** How the call has to be wrapped. */
export function proxyUse({ real }: RegisterRequest, { proxy }: Survey): ProxyUse | undefined {
  return real === undefined ? undefined : { real, type: proxy?.fitting?.type ?? 'Registration' };
}

/** A call as long as the one that will be sent: the fee depends on the length alone, not on the values. */
function sampleCall(
  chain: Chain,
  netuid: number,
  way: Way,
  hotkey: string,
  ceiling: Rao,
  proxy: ProxyUse | undefined,
): Call {
  if (way === 'burn') return composeRegistration(chain, { way, netuid, hotkey, ceiling }, proxy);
  const block = { hash: chain.identity.genesisHash, number: 0 };
  const proof = { block, nonce: 0n, work: new Uint8Array(32), difficulty: 1n };
  return composeRegistration(chain, { way, netuid, hotkey, proof }, proxy);
}
