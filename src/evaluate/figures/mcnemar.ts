/**
 * McNemar's exact test: how likely is a division at least as uneven as this, if each of the pairs on which two
 * models disagree were as likely to be the first one's as the second one's? Two-sided binomial test with ½
 * (McNemar 1947; exact form: Fagerland, Lydersen and Laake 2013).
 *
 * @param onlyFirst pairs that only the first gets right
 * @param onlySecond pairs that only the second gets right
 * @returns the p-value; 1 where there is no such pair
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // log of C(n, k) / 2ⁿ, from k to k + 1 by its ratio.
  let term = -n * Math.LN2;
  let sum = Math.exp(term);
  for (let k = 0; k < fewer; k++) {
    term += Math.log((n - k) / (k + 1));
    sum += Math.exp(term);
  }
  return Math.min(1, 2 * sum);
}
