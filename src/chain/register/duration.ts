const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST_MS = 30 * 86_400_000;

/**
 * A time such as `90s`, `45m`, `6h`, `1h30m` or `2d`, in milliseconds.
 * @returns undefined when it is none, is zero, or is above thirty days
 */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().replaceAll(' ', '');
  if (!/^(\d{1,9}[smhd])+$/.test(compact)) return undefined;
  let ms = 0;
  for (const [, count, unit] of compact.matchAll(/(\d+)([smhd])/g))
    ms += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return ms > 0 && ms <= MOST_MS ? ms : undefined;
}
