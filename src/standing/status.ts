import { type Alpha, alpha, type Rao } from '../amount/index.ts';
import {
  type AxonInfo,
  type Chain,
  decodeIp,
  type Neuron,
  type Paying,
  readAlphaPrice,
  readCollateral,
  readNextEpoch,
  readPaying,
  readPruning,
  readStake,
  type Standing,
  sharedMetagraph,
  standingOf,
  worth,
} from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { StoreReader } from '../store/index.ts';
import { perDay } from './epoch.ts';
import type { ModelAge } from './model.ts';

/** A hotkey of this machine. */
export interface OwnHotkey {
  readonly wallet: string;
  readonly name: string;
  /** Undefined when only its password can tell. */
  readonly ss58: string | undefined;
  /** What this machine's settings would announce for it, as far as they say: an address, and a port. */
  readonly expected?: { readonly ip: string | undefined; readonly port: number };
  /** What answers for it on this machine, as far as the settings say. */
  readonly serves?: { readonly profile: string; readonly model: ModelAge | undefined };
}

export interface StatusOptions {
  readonly chain: Chain;
  readonly netuid: number;
  readonly hotkeys: readonly OwnHotkey[];
  /** What `serve` has stored on this machine; null when there is nothing. */
  readonly store: StoreReader | null;
  /** Of the first of them. */
  readonly model: ModelAge | undefined;
  readonly archive?: (() => Promise<Chain | undefined>) | undefined;
  readonly now?: () => number;
}

interface Challenges {
  readonly received: number;
  readonly answered: number;
  /** Unix milliseconds of the last one ever. */
  readonly lastAt: number | undefined;
}

export interface HotkeyStatus {
  readonly hotkey: OwnHotkey;
  /** Undefined: no UID on this subnet. */
  readonly neuron: Neuron | undefined;
  readonly standing: Standing | undefined;
  readonly alphaPerDay: Alpha;
  readonly taoPerDay: Rao;
  /** What the hotkey's coldkey has staked on it: where a miner's pay goes. */
  readonly stake: Alpha;
  readonly collateral: Alpha | undefined;
  readonly axonMatches: boolean | undefined;
  /** Undefined: no store on this machine. */
  readonly challenges: Challenges | undefined;
}

export interface Status {
  readonly netuid: number;
  readonly block: number;
  readonly blockMs: number;
  readonly paying: Paying;
  readonly alphaPrice: Rao;
  readonly nextEpoch: number | undefined;
  readonly model: ModelAge | undefined;
  readonly hotkeys: readonly HotkeyStatus[];
}

const DAY_MS = 86_400_000;

/**
 * Where one's hotkeys stand on a subnet: chain and store in one answer.
 * @throws ERR_NO_SUBNET, and what reading the chain throws
 */
export async function readStatus(options: StatusOptions): Promise<Status> {
  const { chain, netuid, hotkeys, store, model, archive, now = Date.now } = options;
  const found = await sharedMetagraph(chain, netuid);
  if (!found) {
    throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on ${chain.identity.network}.`);
  }
  const { graph, block: head } = found;
  const reads = await chain.at(head.hash);
  const [pruning, alphaPrice, nextEpoch, paying] = await Promise.all([
    readPruning(reads, netuid, head.number + 1),
    readAlphaPrice(reads, netuid),
    readNextEpoch(reads, netuid),
    readPaying(chain, netuid, { archive }),
  ]);
  // Older runtimes count the block of the epoch itself on top of the tempo.
  const epochBlocks = graph.tempo + (reads.has.storage('SubtensorModule', 'LastEpochBlock') ? 0 : 1);
  const statuses = hotkeys.map(async (hotkey): Promise<HotkeyStatus> => {
    const neuron = graph.neurons.find((one) => one.hotkey === hotkey.ss58);
    const alphaPerDay = perDay(neuron?.emission ?? alpha(0n), epochBlocks, chain.blockMs);
    const [stake, collateral] = await Promise.all([
      neuron && readStake(reads, { netuid, hotkey: neuron.hotkey, coldkey: neuron.coldkey }),
      neuron && readCollateral(reads, netuid, neuron.hotkey, neuron.coldkey),
    ]);
    return {
      hotkey,
      neuron,
      standing: neuron && standingOf(neuron.uid, pruning),
      alphaPerDay,
      taoPerDay: worth(alphaPerDay, alphaPrice),
      stake: stake?.stake ?? alpha(0n),
      collateral: collateral?.locked,
      axonMatches: matches(neuron?.axon, hotkey.expected),
      challenges: store && hotkey.ss58 ? challengesOf(store, hotkey.ss58, now()) : undefined,
    };
  });
  return {
    netuid,
    block: head.number,
    blockMs: chain.blockMs,
    paying,
    alphaPrice,
    nextEpoch,
    model,
    hotkeys: await Promise.all(statuses),
  };
}

/** Whether what is announced is what the settings would announce; undefined when they do not say enough. */
function matches(axon: AxonInfo | undefined, expected: OwnHotkey['expected']): boolean | undefined {
  if (!axon || !expected) return undefined;
  if (expected.port !== 0 && axon.port !== expected.port) return false;
  if (expected.ip === undefined) return undefined;
  return decodeIp(axon.ip, axon.ipType) === expected.ip;
}

function challengesOf(store: StoreReader, miner: string, now: number): Challenges {
  const { requests, answered } = store.summary({ miner, since: now - DAY_MS });
  return { received: requests, answered, lastAt: store.summary({ miner }).lastAt ?? undefined };
}

/** What the settings would announce, as text: an unknown address is a question mark. */
export function expectedText(expected: OwnHotkey['expected']): string | undefined {
  if (!expected) return undefined;
  const { ip, port } = expected;
  return `${ip === undefined ? '?' : ip.includes(':') ? `[${ip}]` : ip}:${port}`;
}
