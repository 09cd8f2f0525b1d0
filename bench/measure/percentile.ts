/** The nearest-rank percentile, rounded to a hundredth; NaN becomes null in JSON, so 0 values give null here. */
export function percentile(values: ArrayLike<number>, rank: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const index = Math.min(sorted.length - 1, Math.ceil((rank / 100) * sorted.length) - 1);
  return Math.round((sorted[Math.max(0, index)] as number) * 100) / 100;
}
