import { formatTao, type Rao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { asNumber } from '../plain.ts';
import { readPrice } from '../state/price.ts';
import { readUid } from '../state/pruning.ts';
import type { Call, Chain, ChainEvent, ChainSigner, Included, SubmitOptions } from '../types.ts';
import { composeRegistration, type ProxyUse, type Wanted } from './call.ts';
import { chargedIn } from './charged.ts';
import type { Journal } from './journal/index.ts';
import type { RegisterContext, Registered, Target } from './request.ts';

export type Submit = (chain: Chain, call: Call, options: SubmitOptions) => Promise<Included>;

export interface SendOptions {
  readonly target: Target;
  readonly wanted: Wanted;
  readonly proxy: ProxyUse | undefined;
  readonly coldkey: string;
  readonly signer: ChainSigner;
  readonly journal: Journal;
  readonly submit: Submit;
}

/** Blocks that a registration by proof of work stays valid; its work is refused after three. */
export const WORK_ERA = 8;

/** After these it is certain that the extrinsic did not and will not register anybody. */
const SETTLED: readonly string[] = [
  'ERR_CHAIN_REFUSED',
  'ERR_CHAIN_FAILED',
  'ERR_CHAIN_EXPIRED',
  'ERR_CHAIN_UPGRADED',
  'ERR_CHAIN_GENESIS',
];

/**
 * Signs and sends one registration, and waits until it is final and verified. The journal knows of it before it is sent, and until
 * it is certain what became of it.
 * @throws ERR_PRICE_ABOVE_CEILING, ERR_NOT_VERIFIED, and as `submit`
 */
export async function sendRegistration(context: RegisterContext, options: SendOptions): Promise<Registered> {
  const { chain, onNews, signal, now } = context;
  const { target, wanted, proxy, coldkey, signer, journal, submit } = options;
  if (wanted.way === 'burn') refuseAbove(await readPrice(chain, wanted.netuid), wanted.ceiling);
  if (signal.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was signed.');
  const call = composeRegistration(chain, wanted, proxy);
  const ceiling = wanted.way === 'burn' ? wanted.ceiling : undefined;
  let included: Included;
  try {
    included = await submit(chain, call, {
      signer,
      ...(wanted.way === 'pow' && { eraBlocks: WORK_ERA }),
      signal,
      onSigned(extrinsic) {
        if (signal.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was sent.');
        journal.write({
          writtenAt: now(),
          network: chain.identity.network,
          netuid: wanted.netuid,
          hotkey: target.ss58,
          coldkey,
          way: wanted.way,
          ceiling,
          extrinsic,
        });
        onNews({ kind: 'signed', hotkey: target, extrinsic: extrinsic.hash, death: extrinsic.death });
      },
      onStatus: (status) => onNews({ kind: 'submitted', hotkey: target, status }),
    });
  } catch (error) {
    if (error instanceof Sv72Error && SETTLED.includes(error.code)) journal.clear();
    throw error;
  }
  const terms = { netuid: wanted.netuid, coldkey, ceiling };
  const registered = await verifyRegistration(chain, target, terms, included);
  journal.clear();
  return registered;
}

/**
 * The UID from the event of a registration's block, verified against the state of that block.
 * @throws ERR_NOT_VERIFIED
 */
async function verifyRegistration(
  chain: Chain,
  target: Target,
  { netuid, ...terms }: Terms & { readonly netuid: number },
  included: Included,
): Promise<Registered> {
  const uid = uidFromEvents(included.events, netuid, target.ss58);
  const state = await chain.at(included.block.hash);
  const found = await readUid(state, netuid, target.ss58);
  if (uid === undefined || found !== uid) {
    throw new Sv72Error(
      'ERR_NOT_VERIFIED',
      `The registration of ${target.ss58} is in block ${included.block.number}, whose state does not show it at ${uid === undefined ? 'any UID' : `UID ${uid}`}.`,
      {
        details: {
          hotkey: target.ss58,
          block: included.block.number,
          uid: uid ?? null,
          found: found ?? null,
        },
      },
    );
  }
  return await registeredBy(chain, target, { uid, ...terms }, included);
}

/** Who pays, and how much at most. */
interface Terms {
  readonly coldkey: string;
  readonly ceiling: Rao | undefined;
}

/** A registration with what it took. */
export async function registeredBy(
  chain: Chain,
  target: Target,
  { uid, coldkey, ceiling }: Terms & { readonly uid: number },
  included: Included,
): Promise<Registered> {
  const { block, hash, extrinsicIndex, fee } = included;
  const charged = await chargedIn(chain, coldkey, included);
  return {
    hotkey: target,
    uid,
    receipt: {
      block: block.number,
      blockHash: block.hash,
      extrinsic: hash,
      extrinsicIndex,
      charged,
      fee,
      ceiling,
    },
  };
}

/** Of `SubtensorModule.NeuronRegistered(netuid, uid, hotkey)`. */
function uidFromEvents(events: readonly ChainEvent[], netuid: number, hotkey: string): number | undefined {
  for (const { pallet, name, fields } of events) {
    if (pallet !== 'SubtensorModule' || name !== 'NeuronRegistered') continue;
    const [eventNetuid, uid, eventHotkey] = Object.values(fields);
    if (eventNetuid === netuid && eventHotkey === hotkey) return asNumber(uid, 'NeuronRegistered');
  }
  return undefined;
}

function refuseAbove(price: Rao, ceiling: Rao): void {
  if (price <= ceiling) return;
  throw new Sv72Error(
    'ERR_PRICE_ABOVE_CEILING',
    `The price is ${formatTao(price)}, above the ceiling of ${formatTao(ceiling)}; nothing was signed.`,
    { details: { priceRao: price.toString(), ceilingRao: ceiling.toString() } },
  );
}
