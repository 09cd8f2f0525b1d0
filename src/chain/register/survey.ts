import { type Rao, rao } from '../../amount/index.ts';
import {
  type CollateralTerms,
  type Funds,
  freeSlots,
  type NextSlot,
  NO_COLLATERAL,
  nextSlot,
  type PriceRule,
  type PriceSample,
} from '../rules/index.ts';
import { readAccount } from '../state/balance.ts';
import {
  hasCollateral,
  readCollateralTerms,
  readPrice,
  readPriceHistory,
  readPriceRule,
} from '../state/price.ts';
import { readPruning, readUid } from '../state/pruning.ts';
import type { Chain, Head, Reads } from '../types.ts';
import { registeringCall } from './call.ts';
import { type Leaving, readLeaving } from './leaving.ts';
import { type PowTerms, readPowTerms } from './pow/index.ts';
import { type ProxyStanding, readProxy } from './proxy.ts';
import { readColdkeyOf, readInteger, readSwitch } from './read.ts';
import { coldkeyOf, type RegisterRequest, type Target } from './request.ts';

/** What the chain knows of a hotkey that is to be registered. */
export interface HotkeyState {
  readonly target: Target;
  /** Undefined while it is not registered on the subnet. */
  readonly uid: number | undefined;
  /** The coldkey that owns it, undefined while nobody does. */
  readonly owner: string | undefined;
  readonly collateral: CollateralTerms;
}

interface Payer {
  readonly ss58: string;
  readonly funds: Funds;
}

/** Everything that decides what a registration costs and whether it is possible, at one block. */
export interface Survey {
  readonly head: Head;
  readonly netuid: number;
  readonly price: Rao;
  readonly rule: PriceRule;
  /** Prices of recent blocks, as far as the endpoint remembers. */
  readonly history: readonly PriceSample[];
  readonly hotkeys: readonly HotkeyState[];
  /** Whether registering by paying is switched on. */
  readonly burnAllowed: boolean;
  readonly pow: PowTerms | undefined;
  /** On runtimes with a price by intervals: no more registrations are taken in this one. */
  readonly intervalFull: boolean;
  readonly slot: NextSlot;
  /** Whom the registrations of this run push out, as far as can be foreseen; the first is who has the slot. */
  readonly leaving: readonly Leaving[];
  /** Slots that are free now. */
  readonly freeSlots: number;
  readonly maxUids: number;
  /** Blocks from its registration during which a neuron is not pushed out. */
  readonly immunityPeriod: number;
  /** The account that pays the price; undefined when nobody is known to pay. */
  readonly coldkey: Payer | undefined;
  /** The key that signs for it as its proxy. */
  readonly proxy: (ProxyStanding & Payer) | undefined;
  /** A swap of the coldkey was announced: until it is done the chain takes no other calls of it. */
  readonly coldkeySwap: boolean;
  readonly keepAlive: boolean;
  readonly existentialDeposit: Rao;
}

/** Where no target is stored there is no limit. */
const MANY = 1n << 32n;

/** Whether the subnet exists at all. */
export async function subnetExists(reads: Reads, netuid: number): Promise<boolean> {
  return (await readSwitch(reads, 'NetworksAdded', netuid)) ?? true;
}

/** Reads all that at the best block. The subnet has to exist. */
export async function surveyRegistration(chain: Chain, request: RegisterRequest): Promise<Survey> {
  const { netuid, signer, real } = request;
  const head = await chain.head();
  const reads = await chain.at(head.hash);
  const coldkey = coldkeyOf(request);
  const payer = async (ss58: string): Promise<Payer> => ({ ss58, funds: await readAccount(reads, ss58) });
  const [price, rule, history, hotkeys, burnAllowed, pow, taken, target, pruning, funds, proxy, swap] =
    await Promise.all([
      readPrice(reads, netuid),
      readPriceRule(reads, netuid),
      readPriceHistory(chain, netuid),
      Promise.all(request.hotkeys.map((target) => readHotkey(reads, netuid, target, coldkey))),
      readSwitch(reads, 'NetworkRegistrationAllowed', netuid),
      readPowTerms(reads, netuid),
      readInteger(reads, 'RegistrationsThisInterval', netuid),
      readInteger(reads, 'TargetRegistrationsPerInterval', netuid),
      readPruning(reads, netuid, head.number + 1),
      coldkey === undefined ? undefined : payer(coldkey),
      real === undefined || signer === undefined
        ? undefined
        : Promise.all([
            readProxy(reads, { real, delegate: signer.ss58, call: registeringCall(reads, request.way) }),
            payer(signer.ss58),
          ]),
      coldkey === undefined ? false : readSwapAnnounced(reads, coldkey),
    ]);
  const registrations = hotkeys.filter(({ uid }) => uid === undefined).length;
  return {
    head,
    netuid,
    price,
    rule,
    history,
    hotkeys,
    burnAllowed: burnAllowed ?? true,
    pow,
    // Three times the target (subtensor, subnets/registration.rs of 2025: do_burned_registration).
    intervalFull: rule.kind === 'interval' && (taken ?? 0n) >= 3n * (target ?? MANY),
    slot: nextSlot(pruning),
    leaving: await readLeaving(reads, { netuid, pruning, registrations }),
    freeSlots: freeSlots(pruning),
    maxUids: pruning.maxUids,
    immunityPeriod: pruning.immunityPeriod,
    coldkey: funds,
    proxy: proxy && { ...proxy[0], ...proxy[1] },
    coldkeySwap: swap,
    keepAlive: hasCollateral(reads),
    existentialDeposit: rao(chain.existentialDeposit),
  };
}

async function readHotkey(
  reads: Reads,
  netuid: number,
  target: Target,
  coldkey: string | undefined,
): Promise<HotkeyState> {
  const [uid, owner, collateral] = await Promise.all([
    readUid(reads, netuid, target.ss58),
    readColdkeyOf(reads, target.ss58),
    coldkey === undefined ? NO_COLLATERAL : readCollateralTerms(reads, netuid, target.ss58, coldkey),
  ]);
  return { target, uid, owner, collateral };
}

/** `ColdkeySwapAnnouncements` holds a block and a hash; older runtimes have none. */
async function readSwapAnnounced(reads: Reads, coldkey: string): Promise<boolean> {
  if (!reads.has.storage('SubtensorModule', 'ColdkeySwapAnnouncements')) return false;
  return (await reads.storage('SubtensorModule', 'ColdkeySwapAnnouncements', coldkey)) !== undefined;
}

/** Block upon which a hotkey last registered by proof of work; its next work must be of a later one. */
export async function readLastPowBlock(reads: Reads, hotkey: string): Promise<bigint> {
  return (await readInteger(reads, 'LastPowRegistrationBlock', hotkey)) ?? -1n;
}
