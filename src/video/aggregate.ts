import { logit, sigmoid } from '../cascade/index.ts';

/** So much of a clip decides: road works that are in view for a while count, one odd frame does not. */
const SHARE = 1 / 3;

/**
 * The probability that a clip shows road works: the mean, in logits, of the third of its frames (rounded up, at least
 * two where there are two) with the highest probabilities.
 *
 * @param probabilities of the frames, at least one, in [0, 1]
 */
export function clipProbability(probabilities: readonly number[]): number {
  const highest = probabilities.toSorted((a, b) => b - a);
  const chosen = highest.slice(0, Math.max(Math.min(2, highest.length), Math.ceil(highest.length * SHARE)));
  return sigmoid(chosen.reduce((sum, p) => sum + logit(p), 0) / chosen.length);
}

/** `count` of the items, the first and the last among them, the others evenly in between. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  if (count === 1) return items.slice(0, 1);
  return Array.from(
    { length: count },
    (_, at) => items[Math.round((at * (items.length - 1)) / (count - 1))] as T,
  );
}
