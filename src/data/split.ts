import { createHash } from 'node:crypto';
import type { Shares, Split } from './format.ts';
import { SPLITS } from './format.ts';
import { nearDuplicates } from './phash.ts';

export const DEFAULT_SHARES: Shares = { train: 0.8, validation: 0.1, test: 0.1 };

/** What is needed of a picture to split a set. */
export interface Splittable {
  readonly sha256: string;
  readonly label: 0 | 1;
  readonly group: string;
  /** 64 bits in hexadecimal. */
  readonly phash: string;
}

export interface SplitOptions {
  readonly seed: number;
  readonly shares: Shares;
  /** Hamming distance up to which two pictures count as the same one. */
  readonly nearDistance?: number;
}

/**
 * Gives each picture its split, in the order of `pictures`. Pictures of one group, and near-duplicates, end in the
 * same split, also by way of others (a like b, b in the group of c). Within that, each label is shared out as
 * `shares` says, as far as the sizes of the groups allow. The same seed and pictures give the same answer, in
 * whatever order the pictures come.
 */
export function splitByGroup(pictures: readonly Splittable[], options: SplitOptions): Split[] {
  const { seed, shares, nearDistance } = options;
  const clusters = clustersOf(pictures, nearDistance);
  const order = clusters
    .map((members) => ({ members, key: clusterKey(pictures, members, seed) }))
    .sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1));
  const wanted = SPLITS.filter((split) => shares[split] > 0);
  const given = new Map(wanted.map((split) => [split, [0, 0] as [number, number]]));
  const totals: [number, number] = [0, 0];
  for (const { label } of pictures) totals[label] += 1;

  const result = new Array<Split>(pictures.length).fill('train');
  for (const { members } of order) {
    const sizes: [number, number] = [0, 0];
    for (const index of members) sizes[pictures[index]?.label ?? 0] += 1;
    let best: Split | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const split of wanted) {
      const cost = costOf(given.get(split) ?? [0, 0], sizes, totals, shares[split]);
      if (cost < least) [best, least] = [split, cost];
    }
    const split = best ?? 'train';
    const have = given.get(split);
    if (have) for (const label of [0, 1] as const) have[label] += sizes[label];
    for (const index of members) result[index] = split;
  }
  return result;
}

/**
 * How much worse the shares get when a cluster goes to a split: the change of the squared distance between what the
 * split has and what it should have, relative to that, summed over the labels that the cluster holds.
 */
function costOf(
  have: readonly [number, number],
  sizes: readonly [number, number],
  totals: readonly [number, number],
  share: number,
): number {
  let cost = 0;
  for (const label of [0, 1] as const) {
    if (sizes[label] === 0) continue;
    const target = share * totals[label];
    const before = have[label] - target;
    const after = before + sizes[label];
    cost += (after * after - before * before) / target;
  }
  return cost;
}

/** Sets of indexes that must stay together. */
function clustersOf(pictures: readonly Splittable[], nearDistance?: number): number[][] {
  const parent = Int32Array.from(pictures, (_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while ((parent[root] ?? root) !== root) root = parent[root] ?? root;
    for (let at = index; at !== root; ) {
      const next = parent[at] ?? root;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const join = (a: number, b: number) => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number];
    parent[high] = low;
  };

  const firstOf = new Map<string, number>();
  pictures.forEach(({ group }, index) => {
    const first = firstOf.get(group);
    if (first === undefined) firstOf.set(group, index);
    else join(first, index);
  });
  for (const [a, b] of nearDuplicates(
    pictures.map(({ phash }) => phash),
    nearDistance,
  )) {
    join(a, b);
  }

  const clusters = new Map<number, number[]>();
  pictures.forEach((_, index) => {
    const root = find(index);
    const members = clusters.get(root);
    if (members) members.push(index);
    else clusters.set(root, [index]);
  });
  return [...clusters.values()];
}

/** Random, but of the cluster's content alone: the smallest hash in it, scrambled by the seed. */
function clusterKey(pictures: readonly Splittable[], members: readonly number[], seed: number): string {
  let least = '~';
  for (const index of members) {
    const sha256 = pictures[index]?.sha256 ?? '';
    if (sha256 < least) least = sha256;
  }
  return createHash('sha256').update(`${seed}:${least}`).digest('hex');
}
