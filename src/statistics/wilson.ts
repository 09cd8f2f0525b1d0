/** The standard normal quantile of 97.5 %. */
const Z = 1.959964;

/**
 * Wilson's score interval of a share at 95 %: E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", JASA 22 (1927). It holds the share itself, also at 0 and 1.
 *
 * @param share in [0, 1]
 * @param of how many were looked at; none: nothing is known
 */
export function wilson(share: number, of: number): { readonly low: number; readonly high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const scale = 1 + (Z * Z) / of;
  const centre = (share + (Z * Z) / (2 * of)) / scale;
  const spread = (Z / scale) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return {
    low: Math.max(0, Math.min(share, centre - spread)),
    high: Math.min(1, Math.max(share, centre + spread)),
  };
}
