import type { Label } from '../../simulate/index.ts';

/** One answer as the figures see it. */
export interface Judged {
  readonly label: Label;
  /** Probability of roadwork, 0 to 1. Exactly 0.5 counts as none, as validators round. */
  readonly p: number;
  /** Answers of one cluster (views of one picture, pictures of one place) are no independent evidence. */
  readonly cluster: string;
}

/** Answers in order of their probability, as columns. */
export interface Table {
  readonly count: number;
  /** Ascending. */
  readonly p: Float64Array;
  readonly label: Uint8Array;
  /** Which cluster; one with both labels is two. */
  readonly cluster: Int32Array;
  /** Clusters of each label. */
  readonly clusters: readonly [readonly number[], readonly number[]];
}

/** The order of the answers does not matter. */
export function tabulate(answers: readonly Judged[]): Table {
  const sorted = [...answers].sort(
    (a, b) => a.p - b.p || a.label - b.label || (a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : 0),
  );
  const names = [...new Set(answers.map(clusterName))].sort();
  const places = new Map(names.map((name, index) => [name, index]));
  return {
    count: sorted.length,
    p: Float64Array.from(sorted, ({ p }) => p),
    label: Uint8Array.from(sorted, ({ label }) => label),
    cluster: Int32Array.from(sorted, (answer) => places.get(clusterName(answer)) ?? 0),
    clusters: [
      names.flatMap((name, index) => (name.startsWith('0') ? [index] : [])),
      names.flatMap((name, index) => (name.startsWith('1') ? [index] : [])),
    ],
  };
}

function clusterName({ label, cluster }: Judged): string {
  return `${label} ${cluster}`;
}
