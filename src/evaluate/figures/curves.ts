import { BINS, confusionAt } from './figures.ts';
import { type expectedReward, rewardTable } from './reward.ts';
import type { Table } from './table.ts';

/** What would come of another threshold than 0.5; rates are null where the label does not occur. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly reward: number | null;
}

/** Hundredths from 0 to 1. */
export function thresholdCurve(table: Table): ThresholdPoint[] {
  const rewardOf = rewardTable();
  return Array.from({ length: 101 }, (_, i) => pointAt(table, i / 100, rewardOf));
}

/**
 * The threshold with the highest reward; of several the one nearest to 0.5. It was chosen on these very answers, so
 * on others it will do a little worse.
 */
export function bestThreshold(curve: readonly ThresholdPoint[]): ThresholdPoint | undefined {
  const usual = (point: ThresholdPoint): number => Math.abs(point.threshold - 0.5);
  return [...curve].sort((a, b) => (b.reward ?? -1) - (a.reward ?? -1) || usual(a) - usual(b))[0];
}

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of roadwork, and the share that is roadwork; null in an empty bin. */
  readonly said: number | null;
  readonly was: number | null;
}

/** Bins of equal width, as `ece` uses them. */
export function calibrationBins({ count, p, label }: Table): CalibrationBin[] {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, p: 0, label: 0 }));
  for (let i = 0; i < count; i++) {
    const probability = p[i] ?? 0;
    const sum = sums[Math.min(BINS - 1, Math.floor(probability * BINS))];
    if (sum === undefined) continue;
    sum.count += 1;
    sum.p += probability;
    sum.label += label[i] ?? 0;
  }
  return sums.map((sum, i) => ({
    from: i / BINS,
    to: (i + 1) / BINS,
    count: sum.count,
    said: sum.count > 0 ? sum.p / sum.count : null,
    was: sum.count > 0 ? sum.label / sum.count : null,
  }));
}

function pointAt(table: Table, threshold: number, rewardOf: typeof expectedReward): ThresholdPoint {
  const { tp, fp, fn, tn } = confusionAt(table, threshold);
  const sensitivity = tp + fn > 0 ? tp / (tp + fn) : null;
  const specificity = tn + fp > 0 ? tn / (tn + fp) : null;
  const both = sensitivity !== null && specificity !== null;
  return { threshold, sensitivity, specificity, reward: both ? rewardOf(sensitivity, specificity) : null };
}
