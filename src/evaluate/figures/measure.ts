import { interval95, type ResampleOptions, resamples } from './bootstrap.ts';
import { type Confusion, confusionAt, FIGURES, type FigureName, figuresOf } from './figures.ts';
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
  const confusion = confusionAt(table);
  const clusters = { none: table.clusters[0].length, roadwork: table.clusters[1].length };
  const possible = unseen(confusion, clusters);
  const figure = (name: FigureName): Figure => {
    const value = point[name];
    const range = value === null ? undefined : interval95(drawn.get(name) ?? []);
    if (range === undefined) return { value, low: null, high: null };
    const lower = possible.mistakes.flatMap((values) => values[name] ?? []);
    const higher = possible.hits.flatMap((values) => values[name] ?? []);
    return { value, low: Math.min(range.low, ...lower), high: Math.max(range.high, ...higher) };
  };
  return {
    count: table.count,
    clusters,
    confusion,
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
 * Where no mistake was seen there is nothing to resample, and the interval would end at the figure itself. What can be
 * said of such a class is how rare mistakes must be: at this rate one would have been seen in 97.5 % of sets of n
 * clusters (Clopper and Pearson 1934; the "rule of three"). Gives the figures at that rate, for each such class; and
 * likewise where nothing but mistakes was seen.
 */
function unseen(
  { tp, fp, fn, tn }: Confusion,
  clusters: Figures['clusters'],
): Record<'mistakes' | 'hits', Partial<Record<FigureName, number>>[]> {
  const atLeast = (count: number): number => 0.025 ** (1 / count);
  const [positives, negatives] = [tp + fn, tn + fp];
  if (positives === 0 || negatives === 0) return { mistakes: [], hits: [] };
  const at = (sensitivity: number, specificity: number): Partial<Record<FigureName, number>> => {
    const [hits, passes] = [sensitivity * positives, specificity * negatives];
    return {
      sensitivity,
      specificity,
      accuracy: (hits + passes) / (positives + negatives),
      balancedAccuracy: (sensitivity + specificity) / 2,
      mcc: matthews(hits, negatives - passes, positives - hits, passes) ?? 0,
      reward: expectedReward(sensitivity, specificity),
    };
  };
  return {
    mistakes: [
      ...(fn === 0 ? [at(atLeast(clusters.roadwork), tn / negatives)] : []),
      ...(fp === 0 ? [at(tp / positives, atLeast(clusters.none))] : []),
    ],
    hits: [
      ...(tp === 0 ? [at(1 - atLeast(clusters.roadwork), tn / negatives)] : []),
      ...(tn === 0 ? [at(tp / positives, 1 - atLeast(clusters.none))] : []),
    ],
  };
}
