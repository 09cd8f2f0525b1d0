import { Sv72Error } from '../../errors/index.ts';
import { asBigInt, asBoolean, asFixed, asList, asNumber } from '../plain.ts';
import {
  judgePaying,
  known,
  type LastPaid,
  type PastBlock,
  type Paying,
  type PayingSignals,
  type Signal,
  unknown,
  type WeightRows,
} from '../rules/index.ts';
import type { Chain, Reads } from '../types.ts';
import { readOwnedNeurons, readOwner, readOwnerImmuneUids, readUid } from './pruning.ts';

const PALLET = 'SubtensorModule';
const NOT_HERE = 'this runtime does not tell';

export interface PayingOptions {
  /** Gives a chain to look into the past with, when the first one has forgotten it: an archive node of the same genesis. */
  readonly archive?: (() => Promise<Chain | undefined>) | undefined;
  /** How many blocks of the past are looked at, at most (default 40). */
  readonly mostLooks?: number;
  /** Whether to look for the last epoch with pay when there was none in the last one (default true). */
  readonly history?: boolean;
}

/**
 * Whether a subnet pays its miners now, from the chain's state. A signal that this runtime or endpoint does not have
 * is unknown, and no reason to fail; only a lost connection is.
 * @throws ERR_NO_SUBNET
 */
export async function readPaying(chain: Chain, netuid: number, options: PayingOptions = {}): Promise<Paying> {
  const head = await chain.head();
  const reads = await chain.at(head.hash);
  if (
    reads.has.storage(PALLET, 'NetworksAdded') &&
    (await reads.storage(PALLET, 'NetworksAdded', netuid)) !== true
  ) {
    throw new Sv72Error('ERR_NO_SUBNET', `There is no subnet ${netuid} on ${chain.identity.network}.`);
  }
  const owners = await ownerUids(reads, netuid);
  const present = await presentSignals(reads, netuid, owners);
  const quiet = present.outsideIncentive.known && present.outsideIncentive.value.share === 0;
  let lastPaid: Signal<LastPaid> = known({ kind: 'now' });
  if (!present.outsideIncentive.known) lastPaid = unknown(present.outsideIncentive.why);
  else if (quiet) {
    lastPaid =
      options.history === false
        ? unknown('the past was not looked at')
        : await readLastPaid(chain, netuid, head.number, owners, options);
  }
  return judgePaying({ ...present, lastPaid });
}

async function presentSignals(
  reads: Reads,
  netuid: number,
  owners: ReadonlySet<number>,
): Promise<Omit<PayingSignals, 'lastPaid'>> {
  const [minerBurned, incentives, weights, emissionEnabled, nextToBePruned] = await Promise.all([
    signal(reads, 'MinerBurned', async () =>
      asFixed(await reads.storage(PALLET, 'MinerBurned', netuid), 32, 'MinerBurned'),
    ),
    signal(reads, 'Incentive', () => readIncentives(reads, netuid)),
    signal(reads, 'Weights', () => readWeights(reads, netuid, owners)),
    signal(reads, 'SubnetEmissionEnabled', async () =>
      asBoolean(await reads.storage(PALLET, 'SubnetEmissionEnabled', netuid), 'SubnetEmissionEnabled'),
    ),
    readNextToBePruned(reads, netuid),
  ]);
  return {
    minerBurned,
    outsideIncentive: incentives.known ? known(outside(incentives.value, owners)) : incentives,
    outsiders: incentives.known
      ? known(incentives.value.filter((_, uid) => !owners.has(uid)).length)
      : incentives,
    weights,
    emissionEnabled,
    nextToBePruned,
  };
}

/** Incentive of each UID in 65535ths, summed over the subnet's mechanisms. */
async function readIncentives(reads: Reads, netuid: number): Promise<number[]> {
  const mechanisms = await readMechanisms(reads, netuid);
  const lists = await Promise.all(
    mechanisms.map(async (index) => asList(await reads.storage(PALLET, 'Incentive', index), 'Incentive')),
  );
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, uid) =>
    lists.reduce((sum, list) => sum + asNumber(list[uid] ?? 0, 'Incentive'), 0),
  );
}

/** Storage indexes of a subnet's mechanisms: 4096 apart (subtensor, subnets/mechanism.rs: GLOBAL_MAX_SUBNET_COUNT). */
async function readMechanisms(reads: Reads, netuid: number): Promise<number[]> {
  if (!reads.has.storage(PALLET, 'MechanismCountCurrent')) return [netuid];
  const count = asNumber(
    await reads.storage(PALLET, 'MechanismCountCurrent', netuid),
    'MechanismCountCurrent',
  );
  return Array.from({ length: Math.max(1, Math.min(count, 15)) }, (_, index) => netuid + index * 4_096);
}

async function readWeights(reads: Reads, netuid: number, owners: ReadonlySet<number>): Promise<WeightRows> {
  const mechanisms = await readMechanisms(reads, netuid);
  const validators = new Set<number>();
  const giving = new Set<number>();
  for (const index of mechanisms) {
    for (const { keys, value } of await reads.entries(PALLET, 'Weights', index)) {
      const uid = asNumber(keys.at(-1), 'Weights');
      const row = asList(value, 'Weights').map((pair) => {
        const [target, weight] = asList(pair, 'Weights');
        return { target: asNumber(target, 'Weights'), weight: asNumber(weight, 'Weights') };
      });
      if (row.every(({ weight }) => weight === 0)) continue;
      validators.add(uid);
      if (row.some(({ target, weight }) => weight > 0 && !owners.has(target) && target !== uid))
        giving.add(uid);
    }
  }
  return { validators: validators.size, givingOutside: giving.size };
}

async function readNextToBePruned(reads: Reads, netuid: number): Promise<Signal<boolean>> {
  if (!reads.has.runtimeApi('SubnetInfoRuntimeApi', 'get_subnet_to_prune')) return unknown(NOT_HERE);
  const next = await reads.runtimeApi('SubnetInfoRuntimeApi', 'get_subnet_to_prune', []);
  return known(next !== undefined && asNumber(next, 'get_subnet_to_prune') === netuid);
}

/** UIDs whose pay stays with the owner: the protected ones, and every other neuron of the owner's coldkey. */
async function ownerUids(reads: Reads, netuid: number): Promise<Set<number>> {
  const owner = await readOwner(reads, netuid);
  const [immune, owned, main] = await Promise.all([
    readOwnerImmuneUids(reads, netuid),
    readOwnedNeurons(reads, netuid, owner.coldkey),
    owner.hotkey === undefined ? undefined : readUid(reads, netuid, owner.hotkey),
  ]);
  return new Set([...immune, ...owned.map(({ uid }) => uid), ...(main === undefined ? [] : [main])]);
}

function outside(incentives: readonly number[], owners: ReadonlySet<number>) {
  const total = incentives.reduce((sum, value) => sum + value, 0);
  const others = incentives.filter((value, uid) => value > 0 && !owners.has(uid));
  const sum = others.reduce((all, value) => all + value, 0);
  return { share: total === 0 ? 0 : sum / total, miners: others.length };
}

/**
 * When miners were last paid, by looking at the incentive of older blocks: back in doubling steps until one is found in
 * which they were, then halving the gap. What the endpoint has forgotten is asked of the archive.
 */
async function readLastPaid(
  chain: Chain,
  netuid: number,
  head: number,
  owners: ReadonlySet<number>,
  { archive, mostLooks = 40 }: PayingOptions,
): Promise<Signal<LastPaid>> {
  const tempo = Math.max(1, asNumber(await chain.storage(PALLET, 'Tempo', netuid), 'Tempo'));
  const past = pastOf(chain, archive);
  let looks = mostLooks;
  /** undefined: nobody remembers that block. */
  const paidAt = async (block: number) => {
    looks--;
    return await past(block, async (reads) => outside(await readIncentives(reads, netuid), owners).share > 0);
  };
  const dated = async (block: number): Promise<PastBlock> => ({
    block,
    at: await past(block, async (reads) => Number(asBigInt(await reads.storage('Timestamp', 'Now'), 'Now'))),
  });
  let unpaid = head;
  let paid: number | undefined;
  for (let step = tempo + 1; looks > 0 && paid === undefined && unpaid > 1; step *= 2) {
    const block = Math.max(1, unpaid - step);
    const found = await paidAt(block);
    if (found === undefined) break;
    if (found) paid = block;
    else unpaid = block;
  }
  if (paid === undefined) {
    return unpaid === head
      ? unknown('the endpoint does not keep older blocks')
      : known({ kind: 'not-since', since: await dated(unpaid) });
  }
  while (unpaid - paid > tempo && looks > 0) {
    const middle = Math.floor((paid + unpaid) / 2);
    const found = await paidAt(middle);
    if (found === undefined) break;
    if (found) paid = middle;
    else unpaid = middle;
  }
  return known({ kind: 'stopped', paid: await dated(paid), unpaid: await dated(unpaid) });
}

/** Reads at blocks of the past, from whoever remembers them; undefined when nobody does. */
function pastOf(chain: Chain, archive: PayingOptions['archive']) {
  const sources: (() => Promise<Chain | undefined>)[] = [async () => chain, ...(archive ? [archive] : [])];
  return async <T>(block: number, read: (reads: Reads) => Promise<T>): Promise<T | undefined> => {
    while (sources[0]) {
      try {
        const source = await sources[0]();
        const hash = await source?.blockHash(block);
        if (source && hash) return await read(await source.at(hash));
      } catch {
        // Its state is pruned, or its runtime too old to read: the next source may do better.
      }
      // Who has forgotten one block has forgotten all older ones.
      sources.shift();
    }
    return undefined;
  };
}

async function signal<T>(reads: Reads, item: string, read: () => Promise<T>): Promise<Signal<T>> {
  return reads.has.storage(PALLET, item) ? known(await read()) : unknown(NOT_HERE);
}
