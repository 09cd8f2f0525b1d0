const LONG = 100;
const SHORT = 10;
/** Combinations rarer than this are left out of the sums. */
const RARE = 1e-10;

/**
 * What a round is worth on average to a miner with these rates, once it has a history: the mean of
 * (0.5 · MCC₁₀₀ + 0.5 · accuracy₁₀)³, where validators ask for either label half the time. Exact (to 1e-8) for answers
 * that are independent of each other.
 *
 * Derivation: the last 100 entries hold n roadwork ~ Binomial(100, ½), of them t right ~ Binomial(n, sensitivity), and
 * u right of the rest ~ Binomial(100 − n, specificity), which gives the MCC. The last 10 are any 10 of them, so those
 * right among them are hypergeometric with 100, t + u, 10; only their first three moments are needed.
 * The reward is that of natix/validator/reward.py; see `score` in src/simulate for it on a history.
 *
 * @param sensitivity share of roadwork that is recognised, 0 to 1
 * @param specificity share of the rest that is recognised, 0 to 1
 */
export function expectedReward(sensitivity: number, specificity: number): number {
  let sum = 0;
  let covered = 0;
  const labels = binomial(LONG, 0.5);
  for (let n = 0; n <= LONG; n++) {
    const ofLabels = labels[n] ?? 0;
    if (ofLabels < RARE) continue;
    const hits = binomial(n, sensitivity);
    const passes = binomial(LONG - n, specificity);
    for (let t = 0; t <= n; t++) {
      const ofHits = ofLabels * (hits[t] ?? 0);
      if (ofHits < RARE) continue;
      for (let u = 0; u <= LONG - n; u++) {
        const probability = ofHits * (passes[u] ?? 0);
        if (probability < RARE) continue;
        const m = Math.max(0, matthews(t, LONG - n - u, n - t, u) ?? 0);
        const [a1, a2, a3] = MOMENTS[t + u] ?? [0, 0, 0];
        covered += probability;
        sum += probability * 0.125 * (m ** 3 + 3 * m * m * a1 + 3 * m * a2 + a3);
      }
    }
  }
  return sum / covered;
}

/** As `expectedReward`, from a grid of step 1/200 in between which it is interpolated: error below 1e-4. */
export function rewardTable(): (sensitivity: number, specificity: number) => number {
  const known = new Map<number, number>();
  const at = (i: number, j: number): number => {
    const key = i * (GRID + 1) + j;
    let value = known.get(key);
    if (value === undefined) {
      value = expectedReward(i / GRID, j / GRID);
      known.set(key, value);
      // It is symmetric: what is called roadwork does not matter.
      known.set(j * (GRID + 1) + i, value);
    }
    return value;
  };
  return (sensitivity, specificity) => {
    const [x, y] = [sensitivity * GRID, specificity * GRID];
    const [i, j] = [Math.min(GRID - 1, Math.floor(x)), Math.min(GRID - 1, Math.floor(y))];
    const [dx, dy] = [x - i, y - j];
    const low = dy === 0 ? at(i, j) : at(i, j) * (1 - dy) + at(i, j + 1) * dy;
    if (dx === 0) return low;
    const high = dy === 0 ? at(i + 1, j) : at(i + 1, j) * (1 - dy) + at(i + 1, j + 1) * dy;
    return low * (1 - dx) + high * dx;
  };
}

const GRID = 200;

/** Matthews correlation coefficient, −1 to 1; undefined where labels or answers hold one class only. */
export function matthews(tp: number, fp: number, fn: number, tn: number): number | undefined {
  const spread = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
  return spread === 0 ? undefined : (tp * tn - fp * fn) / spread;
}

const LOG_FACTORIAL = new Float64Array(LONG + 1);
for (let i = 2; i <= LONG; i++) LOG_FACTORIAL[i] = (LOG_FACTORIAL[i - 1] ?? 0) + Math.log(i);

/** Probabilities of 0 to n successes, n at most 100. */
function binomial(n: number, p: number): Float64Array {
  const result = new Float64Array(n + 1);
  if (p <= 0 || p >= 1) {
    result[p <= 0 ? 0 : n] = 1;
    return result;
  }
  const [yes, no] = [Math.log(p), Math.log1p(-p)];
  for (let k = 0; k <= n; k++) {
    const ways = (LOG_FACTORIAL[n] ?? 0) - (LOG_FACTORIAL[k] ?? 0) - (LOG_FACTORIAL[n - k] ?? 0);
    result[k] = Math.exp(ways + k * yes + (n - k) * no);
  }
  return result;
}

/** First three moments of the accuracy over 10 of 100, of which c are right, for each c. */
const MOMENTS: readonly (readonly [number, number, number])[] = Array.from({ length: LONG + 1 }, (_, c) => {
  const f1 = (SHORT * c) / LONG;
  const f2 = (f1 * (SHORT - 1) * (c - 1)) / (LONG - 1);
  const f3 = (f2 * (SHORT - 2) * (c - 2)) / (LONG - 2);
  return [f1 / SHORT, (f2 + f1) / SHORT ** 2, (f3 + 3 * f2 + f1) / SHORT ** 3];
});
