/** Beyond this a probability says no more than "certain": one model's certainty must not outvote all others. */
const MOST = 10;

/** log(p / (1 − p)), at most 10 away from zero (p within 4.5e-5 of 0 or 1). */
export function logit(p: number): number {
  if (!(p > 0)) return -MOST;
  if (p >= 1) return MOST;
  return Math.max(-MOST, Math.min(MOST, Math.log(p) - Math.log1p(-p)));
}

/** The probability of a logit. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
