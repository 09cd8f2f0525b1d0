/**
 * How long a server asks to be left alone, ms: the value of `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3).
 *
 * @param now Unix time, ms
 * @returns undefined where it asks for nothing that can be read
 */
export function retryAfterMs(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // Every form of a date names its day or month in letters; other text is no date, whatever Date.parse makes of it.
  if (!/[A-Za-z]/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
