import { hash } from 'node:crypto';

/** Labelled answers, and which belong together. */
export interface Grouped {
  readonly label: Uint8Array;
  /** Views of one picture, pictures of one place. */
  readonly cluster: readonly string[];
}

/** How many independent clusters there are; one with both labels is two. */
export function clusterCount({ label, cluster }: Grouped): number {
  return new Set(cluster.map((name, i) => `${label[i]} ${name}`)).size;
}

/**
 * How much each answer counts: both labels alike, since validators ask for either half the time, and in all as much as
 * there are independent clusters.
 */
export function balancedWeights(all: Grouped): Float64Array {
  const { label } = all;
  const positives = label.reduce((sum, each) => sum + each, 0);
  const counts = [label.length - positives, positives];
  const half = clusterCount(all) / 2;
  return Float64Array.from(label, (each) => half / Math.max(1, counts[each] ?? 1));
}

/** The part that each answer belongs to, 0 to `count` − 1: whole clusters, both labels spread evenly, always the same. */
export function foldsOf({ label, cluster }: Grouped, count: number): Uint8Array {
  const names = cluster.map((name, i) => `${label[i]} ${name}`);
  const sorted = [...new Set(names)]
    .map((name) => ({ name, turn: `${name.slice(0, 1)} ${hash('sha256', name)}` }))
    .sort((a, b) => (a.turn < b.turn ? -1 : 1));
  const places = new Map(sorted.map(({ name }, i) => [name, i % count]));
  return Uint8Array.from(names, (name) => places.get(name) ?? 0);
}
