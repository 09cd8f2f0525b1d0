/** Longest and shortest validity that the chain knows, in blocks. */
const SHORTEST = 4;
const LONGEST = 4096;

/** The next power of two within what eras allow. */
export function eraPeriod(blocks: number): number {
  const wanted = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(blocks)));
  return 2 ** Math.floor(Math.log2(wanted));
}

/**
 * A mortal era as its two bytes: the period's logarithm, and the phase of the birth block within it (sp_runtime's generic Era).
 * With the birth block's own phase it is valid from the birth block on, up to but not including `birth + period`.
 * @param period a power of two from 4 to 65536
 */
export function mortalEra(period: number, birth: number): Uint8Array {
  const quantum = Math.max(period >> 12, 1);
  const phase = Math.floor((birth % period) / quantum);
  const encoded = Math.min(15, Math.max(1, Math.log2(period) - 1)) | (phase << 4);
  return Uint8Array.of(encoded & 0xff, encoded >> 8);
}
