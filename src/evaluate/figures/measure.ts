import { type Interval, interval95, type ResampleOptions, resamples } from './bootstrap.ts';
import {
  type Confusion,
  confusionAt,
  FIGURES,
  type FigureName,
  type FigureValues,
  figuresOf,
} from './figures.ts';
import { expectedReward, matthews } from './reward.ts';
import { type Judged, tabulate } from './table.ts';

/** A figure with its 95 % interval. All are null where it is not defined. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Figures {
  /** Answers. */
  readonly count: number;
  /** Independent clusters among them, by label. */
  readonly clusters: { readonly none: number; readonly roadwork: number };
  readonly confusion: Confusion;
  readonly values: Readonly<Record<FigureName, Figure>>;
}

/** All figures of answers, with intervals from a cluster bootstrap. Pure: the same for the same answers and seed. */
export function measure(answers: readonly Judged[], options: ResampleOptions = {}): Figures {
  const table = tabulate(answers);
  const point = figuresOf(table, undefined, expectedReward);
  const drawn = new Map<FigureName, number[]>(FIGURES.map((name) => [name, []]));
  for (const weights of resamples(table.clusters, options)) {
    const values = figuresOf(table, weights);
    for (const name of FIGURES) {
      const value = values[name];
      if (value !== null) drawn.get(name)?.push(value);
    }
  }
  const flawless = withoutMistakes(point, table.clusters[0].length, table.clusters[1].length);
  const figure = (name: FigureName): Figure => {
    const value = point[name];
    const range = value === null ? undefined : (flawless[name] ?? interval95(drawn.get(name) ?? []));
    return { value, low: range?.low ?? null, high: range?.high ?? null };
  };
  return {
    count: table.count,
    clusters: { none: table.clusters[0].length, roadwork: table.clusters[1].length },
    confusion: confusionAt(table),
    values: {
      accuracy: figure('accuracy'),
      balancedAccuracy: figure('balancedAccuracy'),
      sensitivity: figure('sensitivity'),
      specificity: figure('specificity'),
      mcc: figure('mcc'),
      reward: figure('reward'),
      auc: figure('auc'),
      ece: figure('ece'),
      brier: figure('brier'),
    },
  };
}

/**
 * Where no mistake was seen there is nothing to resample, and every interval would be empty. What can be said instead
 * is how rare mistakes must be: below this rate one would have been seen in 97.5 % of sets of n clusters
 * (Clopper and Pearson 1934; the "rule of three").
 */
function withoutMistakes(
  point: FigureValues,
  none: number,
  roadwork: number,
): Partial<Record<FigureName, Interval>> {
  const atLeast = (clusters: number): Interval => ({ low: 0.025 ** (1 / clusters), high: 1 });
  const ranges: Partial<Record<FigureName, Interval>> = {};
  if (point.sensitivity === 1) ranges.sensitivity = atLeast(roadwork);
  if (point.specificity === 1) ranges.specificity = atLeast(none);
  if (point.accuracy === 1) ranges.accuracy = atLeast(none + roadwork);
  const { sensitivity, specificity } = ranges;
  if (sensitivity === undefined || specificity === undefined) return ranges;
  const [hits, passes] = [sensitivity.low, specificity.low];
  const [tp, tn] = [hits * roadwork, passes * none];
  ranges.balancedAccuracy = { low: (hits + passes) / 2, high: 1 };
  ranges.reward = { low: expectedReward(hits, passes), high: 1 };
  ranges.mcc = { low: matthews(tp, none - tn, roadwork - tp, tn) ?? 0, high: 1 };
  return ranges;
}
