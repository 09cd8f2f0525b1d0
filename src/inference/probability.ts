import type { Calibration, Manifest } from '../bundle/index.ts';

/** What a manifest says about a graph's output. */
export interface OutputRule {
  readonly kind: Manifest['output']['kind'];
  readonly positiveIndex: 0 | 1;
  readonly calibration: Calibration;
}

/** Values per image. */
export const valuesPerImage = (kind: OutputRule['kind']): 1 | 2 => (kind === 'two-class' ? 2 : 1);

/**
 * The calibrated probability of the positive label of one image: p = sigmoid((logit − bias) / temperature), unless the
 * graph did that itself. NaN when the graph gave something that is no probability (or no number at all).
 *
 * @param values the graph's output for the whole batch, flat
 */
export function probabilityAt(values: ArrayLike<number>, index: number, rule: OutputRule): number {
  const { inGraph, temperature, bias } = rule.calibration;
  const apply = !inGraph && (temperature !== 1 || bias !== 0);
  if (rule.kind === 'probability') {
    const p = values[index] ?? Number.NaN;
    // float32 rounding in a sigmoid or softmax may step over the edge.
    if (!(p >= -1e-5 && p <= 1 + 1e-5)) return Number.NaN;
    const probability = Math.min(1, Math.max(0, p));
    return apply
      ? sigmoid((Math.log(probability) - Math.log1p(-probability) - bias) / temperature)
      : probability;
  }
  const logit =
    rule.kind === 'logit'
      ? (values[index] ?? Number.NaN)
      : (values[index * 2 + rule.positiveIndex] ?? Number.NaN) -
        (values[index * 2 + 1 - rule.positiveIndex] ?? Number.NaN);
  return sigmoid(apply ? (logit - bias) / temperature : logit);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
