import type { Label } from '../../simulate/index.ts';
import { interval95, type ResampleOptions, resamples } from './bootstrap.ts';
import { figuresOf } from './figures.ts';
import { mcnemarExact } from './mcnemar.ts';
import { expectedReward } from './reward.ts';
import { tabulate } from './table.ts';

/** What two models said to the same view. */
export interface Pair {
  readonly label: Label;
  readonly cluster: string;
  /** Probability of roadwork by the first (this one) and the second (the other). */
  readonly first: number;
  readonly second: number;
}

/** Second minus first, with its 95 % interval from a paired bootstrap; null where it is not defined. */
export interface Difference {
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Comparison {
  readonly pairs: number;
  /** Views on which the two are on different sides of 0.5. */
  readonly flips: number;
  /** Difference of the probabilities. */
  readonly largest: number;
  readonly mean: number;
  /** Over the views, which is only exact where each is from a cluster of its own. */
  readonly mcnemar: { readonly onlyFirst: number; readonly onlySecond: number; readonly p: number };
  /** Over the clusters: in how many does which one get more views right? Exact sign test. */
  readonly clusters: {
    readonly betterFirst: number;
    readonly betterSecond: number;
    readonly same: number;
    readonly p: number;
  };
  readonly reward: Difference;
  readonly accuracy: Difference;
  /**
   * Which one is better: said only where the interval of the reward's difference leaves zero out and the test over the
   * clusters finds the same with p < 0.05.
   */
  readonly verdict: 'first' | 'second' | 'undecided';
}

const SIGNIFICANT = 0.05;

/** Compares two models on the same views. Pure: the same for the same pairs and seed. */
export function compare(pairs: readonly Pair[], options: ResampleOptions = {}): Comparison {
  const right = pairs.map(({ label, first, second }): readonly [number, number] => [
    Number(first > 0.5 === (label === 1)),
    Number(second > 0.5 === (label === 1)),
  ]);
  const onlyFirst = right.filter(([a, b]) => a > b).length;
  const onlySecond = right.filter(([a, b]) => b > a).length;
  const gaps = pairs.map(({ first, second }) => Math.abs(first - second));
  const balance = new Map<string, number>();
  pairs.forEach(({ label, cluster }, index) => {
    const [a = 0, b = 0] = right[index] ?? [];
    const name = `${label} ${cluster}`;
    balance.set(name, (balance.get(name) ?? 0) + b - a);
  });
  const balances = [...balance.values()];
  const betterFirst = balances.filter((b) => b < 0).length;
  const betterSecond = balances.filter((b) => b > 0).length;
  const p = mcnemarExact(betterFirst, betterSecond);
  const { reward, accuracy } = differences(pairs, options);
  return {
    pairs: pairs.length,
    flips: onlyFirst + onlySecond,
    largest: gaps.reduce((most, gap) => Math.max(most, gap), 0),
    mean: gaps.length === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    mcnemar: { onlyFirst, onlySecond, p: mcnemarExact(onlyFirst, onlySecond) },
    clusters: { betterFirst, betterSecond, same: balances.length - betterFirst - betterSecond, p },
    reward,
    accuracy,
    verdict: verdictOf(reward, betterSecond - betterFirst, p),
  };
}

/** The same clusters are drawn for both, so that what is hard for both does not blur the difference. */
function differences(
  pairs: readonly Pair[],
  options: ResampleOptions,
): { reward: Difference; accuracy: Difference } {
  const first = tabulate(pairs.map(({ label, cluster, first: p }) => ({ label, cluster, p })));
  const second = tabulate(pairs.map(({ label, cluster, second: p }) => ({ label, cluster, p })));
  const drawn = { reward: [] as number[], accuracy: [] as number[] };
  for (const weights of resamples(first.clusters, options)) {
    const [a, b] = [figuresOf(first, weights), figuresOf(second, weights)];
    for (const name of ['reward', 'accuracy'] as const) {
      const [x, y] = [a[name], b[name]];
      if (x !== null && y !== null) drawn[name].push(y - x);
    }
  }
  const [a, b] = [figuresOf(first, undefined, expectedReward), figuresOf(second, undefined, expectedReward)];
  const of = (name: 'reward' | 'accuracy'): Difference => {
    const [x, y] = [a[name], b[name]];
    const range = interval95(drawn[name]);
    return {
      first: x,
      second: y,
      difference: x === null || y === null ? null : y - x,
      low: range?.low ?? null,
      high: range?.high ?? null,
    };
  };
  return { reward: of('reward'), accuracy: of('accuracy') };
}

function verdictOf({ low, high }: Difference, lead: number, p: number): Comparison['verdict'] {
  if (low === null || high === null || p >= SIGNIFICANT) return 'undecided';
  if (low > 0 && lead > 0) return 'second';
  return high < 0 && lead < 0 ? 'first' : 'undecided';
}
