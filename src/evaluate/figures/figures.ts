import { matthews, rewardTable } from './reward.ts';
import type { Table } from './table.ts';

export const FIGURES = [
  'accuracy',
  'balancedAccuracy',
  'sensitivity',
  'specificity',
  'mcc',
  'reward',
  'auc',
  'ece',
  'brier',
] as const;

export type FigureName = (typeof FIGURES)[number];

/** null where a figure is not defined, because a class is missing or all answers are of one. */
export type FigureValues = Readonly<Record<FigureName, number | null>>;

/** How many answers of each kind; roadwork is positive. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** Bins of the calibration error. */
export const BINS = 15;

/** What validators round to: exactly 0.5 is none. */
const THRESHOLD = 0.5;

export type RewardOfRates = (sensitivity: number, specificity: number) => number;

/** As `expectedReward`, faster: what was computed once is remembered. */
export const interpolated = rewardTable();

/**
 * All figures of a table, each answer counted `weights[its cluster]` times.
 *
 * - `accuracy`, `mcc` (Matthews 1975): of the answers as they are, however many there are of each label.
 * - `sensitivity`, `specificity`: share of roadwork, and of the rest, that is recognised; `balancedAccuracy`: their mean.
 * - `reward`: what a round is worth on average with these two rates, half of the rounds roadwork (`expectedReward`).
 * - `auc`: area under the ROC curve, which is the probability that a picture with roadwork gets a higher probability
 *   than one without, ties counting half (Hanley and McNeil 1982).
 * - `ece`: expected calibration error of the probability of roadwork, 15 bins of equal width, mean |confidence − share|
 *   weighted by size (Naeini, Cooper and Hauskrecht 2015).
 * - `brier`: mean (p − label)² (Brier 1950).
 */
export function figuresOf(
  table: Table,
  weights?: Float64Array,
  rewardOfRates: RewardOfRates = interpolated,
): FigureValues {
  const { count, p, label, cluster } = table;
  let [tp, fp, fn, tn, brier, pairs, tiedPositives, tiedNegatives, negativesBelow] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0,
  ];
  let previous = Number.NaN;
  const size = new Float64Array(BINS);
  const gap = new Float64Array(BINS);
  for (let i = 0; i < count; i++) {
    const weight = weights === undefined ? 1 : (weights[cluster[i] ?? 0] ?? 0);
    if (weight === 0) continue;
    const probability = p[i] ?? 0;
    const truth = label[i] ?? 0;
    if (probability !== previous) {
      pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
      negativesBelow += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
      previous = probability;
    }
    const bin = Math.min(BINS - 1, Math.floor(probability * BINS));
    size[bin] = (size[bin] ?? 0) + weight;
    gap[bin] = (gap[bin] ?? 0) + weight * (probability - truth);
    brier += weight * (probability - truth) ** 2;
    if (truth === 1) {
      tiedPositives += weight;
      if (probability > THRESHOLD) tp += weight;
      else fn += weight;
    } else {
      tiedNegatives += weight;
      if (probability > THRESHOLD) fp += weight;
      else tn += weight;
    }
  }
  pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
  const [positives, negatives] = [tp + fn, tn + fp];
  const total = positives + negatives;
  const sensitivity = positives > 0 ? tp / positives : null;
  const specificity = negatives > 0 ? tn / negatives : null;
  const both = sensitivity !== null && specificity !== null;
  return {
    accuracy: total > 0 ? (tp + tn) / total : null,
    balancedAccuracy: both ? (sensitivity + specificity) / 2 : null,
    sensitivity,
    specificity,
    mcc: matthews(tp, fp, fn, tn) ?? null,
    reward: both ? rewardOfRates(sensitivity, specificity) : null,
    auc: both ? pairs / (positives * negatives) : null,
    ece: total > 0 ? gap.reduce((sum, each) => sum + Math.abs(each), 0) / total : null,
    brier: total > 0 ? brier / total : null,
  };
}

/** Counts at a threshold: positive is what is above it. */
export function confusionAt(table: Table, threshold: number = THRESHOLD): Confusion {
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < table.count; i++) {
    const yes = (table.p[i] ?? 0) > threshold;
    if (table.label[i] === 1) yes ? tp++ : fn++;
    else yes ? fp++ : tn++;
  }
  return { tp, fp, fn, tn };
}
