import { asBigInt, asList, asNumber, asString } from '../plain.ts';
import { type OwnedNeuron, ownerImmuneUids, type PruningInput } from '../rules/index.ts';
import type { Reads } from '../types.ts';

const PALLET = 'SubtensorModule';

/** Everything the pruning rule looks at. @param block the block of the registration; the next one is the newest and one */
export async function readPruning(reads: Reads, netuid: number, block: number): Promise<PruningInput> {
  const scored = reads.has.storage(PALLET, 'PruningScores');
  const number = async (item: string, otherwise: number) =>
    reads.has.storage(PALLET, item) ? asNumber(await reads.storage(PALLET, item, netuid), item) : otherwise;
  const [ranks, registrations, count, maxUids, immunityPeriod, minNonImmune, ownerImmune] = await Promise.all(
    [
      reads.storage(PALLET, scored ? 'PruningScores' : 'Emission', netuid),
      reads.entries(PALLET, 'BlockAtRegistration', netuid),
      number('SubnetworkN', 0),
      number('MaxAllowedUids', 0),
      number('ImmunityPeriod', 0),
      readMinNonImmune(reads, netuid),
      readOwnerImmuneUids(reads, netuid),
    ],
  );
  const registeredAt = new Map(
    registrations.map(({ keys, value }) => [
      asNumber(keys.at(-1), 'uid'),
      asNumber(value, 'BlockAtRegistration'),
    ]),
  );
  const list = asList(ranks, 'Emission');
  return {
    neurons: Array.from({ length: count }, (_, uid) => ({
      uid,
      rank: asBigInt(list[uid] ?? 0n, 'Emission'),
      registeredAt: registeredAt.get(uid) ?? 0,
    })),
    block,
    immunityPeriod,
    minNonImmune,
    ownerImmune,
    maxUids,
  };
}

/** The owner of a subnet and its UIDs that are never pruned and never paid. */
export async function readOwnerImmuneUids(reads: Reads, netuid: number): Promise<Set<number>> {
  const { coldkey, hotkey } = await readOwner(reads, netuid);
  const limit = reads.has.storage(PALLET, 'ImmuneOwnerUidsLimit')
    ? asNumber(await reads.storage(PALLET, 'ImmuneOwnerUidsLimit', netuid), 'ImmuneOwnerUidsLimit')
    : 1;
  const owned = await readOwnedNeurons(reads, netuid, coldkey);
  const ownerUid = hotkey === undefined ? undefined : await readUid(reads, netuid, hotkey);
  return ownerImmuneUids(owned, ownerUid, limit);
}

export interface SubnetOwner {
  readonly coldkey: string;
  /** Undefined where the runtime does not name one. */
  readonly hotkey: string | undefined;
}

export async function readOwner(reads: Reads, netuid: number): Promise<SubnetOwner> {
  const [coldkey, hotkey] = await Promise.all([
    reads.storage(PALLET, 'SubnetOwner', netuid),
    reads.has.storage(PALLET, 'SubnetOwnerHotkey')
      ? reads.storage(PALLET, 'SubnetOwnerHotkey', netuid)
      : undefined,
  ]);
  return {
    coldkey: asString(coldkey, 'SubnetOwner'),
    hotkey: hotkey === undefined ? undefined : asString(hotkey, 'SubnetOwnerHotkey'),
  };
}

/** The neurons of a coldkey on a subnet. */
export async function readOwnedNeurons(
  reads: Reads,
  netuid: number,
  coldkey: string,
): Promise<(OwnedNeuron & { readonly hotkey: string })[]> {
  if (!reads.has.storage(PALLET, 'OwnedHotkeys')) return [];
  const hotkeys = asList(await reads.storage(PALLET, 'OwnedHotkeys', coldkey), 'OwnedHotkeys');
  const found = await Promise.all(
    hotkeys.map(async (value) => {
      const hotkey = asString(value, 'OwnedHotkeys');
      const uid = await readUid(reads, netuid, hotkey);
      if (uid === undefined) return undefined;
      const block = await reads.storage(PALLET, 'BlockAtRegistration', netuid, uid);
      return { uid, hotkey, registeredAt: asNumber(block, 'BlockAtRegistration') };
    }),
  );
  return found.filter((neuron) => neuron !== undefined);
}

/**
 * The UID of a hotkey, undefined when it is not registered. A UID is handed on when its neuron is pruned, so it is
 * believed only when Keys points back.
 */
export async function readUid(reads: Reads, netuid: number, hotkey: string): Promise<number | undefined> {
  const value = await reads.storage(PALLET, 'Uids', netuid, hotkey);
  if (value === undefined) return undefined;
  const uid = asNumber(value, 'Uids');
  return (await reads.storage(PALLET, 'Keys', netuid, uid)) === hotkey ? uid : undefined;
}

/** Neurons without immunity that are kept before an immune one has to go; 0 where the runtime has no such rule. */
async function readMinNonImmune(reads: Reads, netuid: number): Promise<number> {
  if (!reads.has.storage(PALLET, 'MinNonImmuneUids')) return 0;
  return asNumber(await reads.storage(PALLET, 'MinNonImmuneUids', netuid), 'MinNonImmuneUids');
}
