import type { Combination } from '../combine.ts';

/** What the stages said to labelled pictures, as columns. */
export interface Answered {
  /** Logit of each stage, stage by stage. */
  readonly z: readonly Float64Array[];
  readonly label: Uint8Array;
  /** How much each answer counts; in all as many as there are independent ones. */
  readonly weight: Float64Array;
}

const STEPS = 60;
const CLOSE = 1e-9;

/**
 * Stacked calibration: the logistic regression of the label on the logits of the given stages, by Newton's method.
 * Weights are not negative (Breiman 1996: a stage must not speak against itself) and drawn towards the plain mean by
 * `ridge`, which is in independent answers: minimises Σ weight · log-loss + ridge/2 · Σ (w − 1/n)². The bias is free.
 */
export function fitStack(
  { z, label, weight }: Answered,
  stages: readonly number[],
  ridge: number,
): Combination {
  const aim = 1 / stages.length;
  let free = [...stages];
  for (;;) {
    const { weights, bias } = newton(
      free.map((place) => z[place] ?? new Float64Array(label.length)),
      label,
      weight,
      ridge,
      aim,
    );
    const least = Math.min(...weights, 0);
    if (least === 0) {
      return {
        stages,
        weights: stages.map((place) => Math.max(0, weights[free.indexOf(place)] ?? 0)),
        bias,
      };
    }
    free = free.filter((_, at) => weights[at] !== least);
  }
}

/** Mean log-loss of a combination, weighted. */
export function logLoss({ z, label, weight }: Answered, { stages, weights, bias }: Combination): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < label.length; i++) {
    let at = bias;
    for (const [k, place] of stages.entries()) at += (weights[k] ?? 0) * (z[place]?.[i] ?? 0);
    sum += (weight[i] ?? 0) * lossAt(at, label[i] ?? 0);
    total += weight[i] ?? 0;
  }
  return total > 0 ? sum / total : 0;
}

/** −log of the probability of the label at a logit. */
function lossAt(at: number, label: number): number {
  const wrong = label === 1 ? -at : at;
  return wrong > 0 ? wrong + Math.log1p(Math.exp(-wrong)) : Math.log1p(Math.exp(wrong));
}

function newton(
  columns: readonly Float64Array[],
  label: Uint8Array,
  weight: Float64Array,
  ridge: number,
  aim: number,
): { weights: number[]; bias: number } {
  const n = columns.length;
  const value = (at: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < label.length; i++)
      sum += (weight[i] ?? 0) * lossAt(logitAt(columns, at, i), label[i] ?? 0);
    for (let k = 0; k < n; k++) sum += (ridge / 2) * ((at[k] ?? 0) - aim) ** 2;
    return sum;
  };
  // The last one is the bias.
  let now = [...columns.map(() => aim), 0];
  let best = value(now);
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Array<number>(n + 1).fill(0);
    const curvature = Array.from({ length: n + 1 }, () => new Array<number>(n + 1).fill(0));
    for (let i = 0; i < label.length; i++) {
      const p = 1 / (1 + Math.exp(-logitAt(columns, now, i)));
      const own = weight[i] ?? 0;
      const slope = own * (p - (label[i] ?? 0));
      const bend = own * p * (1 - p);
      for (let j = 0; j <= n; j++) {
        const x = j === n ? 1 : (columns[j]?.[i] ?? 0);
        gradient[j] = (gradient[j] ?? 0) + slope * x;
        const row = curvature[j] as number[];
        for (let k = 0; k <= j; k++)
          row[k] = (row[k] ?? 0) + bend * x * (k === n ? 1 : (columns[k]?.[i] ?? 0));
      }
    }
    for (let j = 0; j <= n; j++) {
      for (let k = j + 1; k <= n; k++) (curvature[j] as number[])[k] = curvature[k]?.[j] ?? 0;
      // The bias is held by next to nothing, so that there is always a solution.
      (curvature[j] as number[])[j] = (curvature[j]?.[j] ?? 0) + (j === n ? 1e-6 : ridge);
      if (j < n) gradient[j] = (gradient[j] ?? 0) + ridge * ((now[j] ?? 0) - aim);
    }
    const move = solve(curvature, gradient);
    let [share, found] = [1, false];
    while (share > 1e-6 && !found) {
      const next = now.map((each, j) => each - share * (move[j] ?? 0));
      const worth = value(next);
      if (worth <= best) {
        found = best - worth > CLOSE * (1 + Math.abs(best));
        [now, best] = [next, worth];
        if (!found) return result(now);
      } else share /= 2;
    }
    if (!found) break;
  }
  return result(now);
}

function result(at: readonly number[]): { weights: number[]; bias: number } {
  return { weights: at.slice(0, -1), bias: at.at(-1) ?? 0 };
}

function logitAt(columns: readonly Float64Array[], at: readonly number[], i: number): number {
  let sum = at[columns.length] ?? 0;
  for (let k = 0; k < columns.length; k++) sum += (at[k] ?? 0) * (columns[k]?.[i] ?? 0);
  return sum;
}

/** Gauss's elimination with pivots; for a handful of unknowns. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    const pivot = rows.reduce(
      (most, row, i) => (i >= k && Math.abs(row[k] ?? 0) > Math.abs(rows[most]?.[k] ?? 0) ? i : most),
      k,
    );
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    const top = rows[k] as number[];
    for (let i = k + 1; i < size; i++) {
      const row = rows[i] as number[];
      const factor = (row[k] ?? 0) / (top[k] || 1e-12);
      for (let j = k; j <= size; j++) row[j] = (row[j] ?? 0) - factor * (top[j] ?? 0);
    }
  }
  const found = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    const row = rows[k] as number[];
    let sum = row[size] ?? 0;
    for (let j = k + 1; j < size; j++) sum -= (row[j] ?? 0) * (found[j] ?? 0);
    found[k] = sum / (row[k] || 1e-12);
  }
  return found;
}
