/** Longest and shortest validity that the chain knows, in blocks. */
const SHORTEST = 4;
const LONGEST = 4096;

/** The next power of two within what eras allow. */
export function eraPeriod(blocks: number): number {
  const wanted = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(blocks)));
  return 2 ** Math.floor(Math.log2(wanted));
}
