import {
  asBigInt,
  asNumber,
  axonInfo,
  type Chain,
  fieldOf,
  type Plain,
  type Reads,
  readMetagraph,
  type Verdict,
} from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Announced } from './announcement.ts';

/** A hotkey of the subnet, with what decides whether it may ask. */
export interface Member {
  readonly uid: number;
  readonly hotkey: string;
  /** rao, as the consensus counts it. */
  readonly stake: bigint;
  readonly permit: boolean;
}

/** One of our hotkeys as the chain has it. */
export interface OwnStanding {
  readonly hotkey: string;
  /** Undefined: it has none. */
  readonly uid: number | undefined;
  /** What it announced last, also when that was to take it back (address 0); undefined: nothing since it was registered. */
  readonly axon: Announced | undefined;
  readonly prometheus: Announced | undefined;
}

/** What serving needs to know of a subnet, all of one block. */
export interface ChainView {
  readonly network: string;
  readonly endpoint: string;
  readonly genesisHash: string;
  readonly netuid: number;
  readonly block: number;
  /** Unix ms by this machine's clock. */
  readonly readAt: number;
  readonly blockMs: number;
  /** Blocks between two announcements of one hotkey. */
  readonly servingRateLimit: number;
  readonly members: readonly Member[];
  readonly ours: readonly OwnStanding[];
  /** Whether the subnet pays its miners, and the main reason; undefined: it was not looked at. */
  readonly paying?: { readonly verdict: Verdict; readonly why: string | undefined };
}

const PALLET = 'SubtensorModule';

/**
 * Reads the subnet's members and what our hotkeys have announced.
 * @throws ERR_NO_SUBNET, ERR_CHAIN_SHAPE, and what `Reads` throws
 */
export async function readView(
  chain: Chain,
  netuid: number,
  hotkeys: readonly string[],
  now: () => number = Date.now,
): Promise<ChainView> {
  const head = await chain.head();
  const reads = await chain.at(head.hash);
  const [graph, servingRateLimit, announced] = await Promise.all([
    readMetagraph(reads, netuid),
    reads.storage(PALLET, 'ServingRateLimit', netuid),
    Promise.all(hotkeys.map((hotkey) => readAnnounced(reads, netuid, hotkey))),
  ]);
  if (graph === undefined) {
    throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on this chain.`, {
      details: { netuid },
    });
  }
  const members = graph.neurons.map(({ uid, hotkey, stake, validatorPermit }) => ({
    uid,
    hotkey,
    stake: BigInt(stake),
    permit: validatorPermit,
  }));
  return {
    network: chain.identity.network,
    endpoint: chain.endpoint,
    genesisHash: chain.identity.genesisHash,
    netuid,
    block: head.number,
    readAt: now(),
    blockMs: chain.blockMs,
    servingRateLimit: asNumber(servingRateLimit, 'ServingRateLimit'),
    members,
    ours: hotkeys.map((hotkey, index) => ({
      hotkey,
      // The metagraph's row is the key that the UID belongs to now, whatever `Uids` remembers.
      uid: members.find((member) => member.hotkey === hotkey)?.uid,
      axon: announced[index]?.axon,
      prometheus: announced[index]?.prometheus,
    })),
  };
}

/** What a hotkey has announced; its block counts for the rate limit even when it was taken back. */
export async function readAnnounced(
  reads: Reads,
  netuid: number,
  hotkey: string,
): Promise<Pick<OwnStanding, 'axon' | 'prometheus'>> {
  const [axon, prometheus] = await Promise.all([
    reads.storage(PALLET, 'Axons', netuid, hotkey),
    reads.has.storage(PALLET, 'Prometheus') ? reads.storage(PALLET, 'Prometheus', netuid, hotkey) : undefined,
  ]);
  return {
    axon: axon === undefined ? undefined : axonInfo(axon),
    prometheus: prometheus === undefined ? undefined : prometheusInfo(prometheus),
  };
}

function prometheusInfo(value: Plain): Announced {
  const number = (name: string) => asNumber(fieldOf(value, name, 'prometheus'), `prometheus.${name}`);
  return {
    block: number('block'),
    version: number('version'),
    ip: asBigInt(fieldOf(value, 'ip', 'prometheus'), 'prometheus.ip'),
    ipType: number('ip_type'),
    port: number('port'),
  };
}
