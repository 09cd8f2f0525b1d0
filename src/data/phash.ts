/** Hamming distance up to which two pictures count as the same one; see docs/data.md for how it was chosen. */
export const NEAR_DISTANCE = 6;

/** Side of the grey thumbnail that a hash is made from. */
export const HASH_SIDE = 32;

const BLOCK = 8;

/** cos((2x + 1) u π / 64) for u = 1…8: the constant term is left out. */
const COSINES = Array.from({ length: BLOCK }, (_, u) =>
  Float64Array.from({ length: HASH_SIDE }, (_, x) =>
    Math.cos(((2 * x + 1) * (u + 1) * Math.PI) / (2 * HASH_SIDE)),
  ),
);

/**
 * Perceptual hash of a grey thumbnail of 32×32 bytes: the signs of its 8×8 lowest cosine coefficients (without the
 * constant ones) against their median, 64 bits in hexadecimal. Brightness, contrast, compression and scale hardly
 * change it (the "pHash" of Zauner, 2010).
 */
export function perceptualHash(grey: Uint8Array): string {
  const rows = new Float64Array(HASH_SIDE * BLOCK);
  for (let y = 0; y < HASH_SIDE; y++) {
    COSINES.forEach((cosines, u) => {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++) sum += (cosines[x] ?? 0) * (grey[y * HASH_SIDE + x] ?? 0);
      rows[y * BLOCK + u] = sum;
    });
  }
  const coefficients = new Float64Array(BLOCK * BLOCK);
  COSINES.forEach((cosines, v) => {
    for (let u = 0; u < BLOCK; u++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++) sum += (cosines[y] ?? 0) * (rows[y * BLOCK + u] ?? 0);
      coefficients[v * BLOCK + u] = sum;
    }
  });
  const sorted = coefficients.toSorted();
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  let hash = 0n;
  for (const value of coefficients) hash = (hash << 1n) | (value > median ? 1n : 0n);
  return hash.toString(16).padStart(16, '0');
}

/** Bits in which two hashes differ. */
export function hashDistance(a: string, b: string): number {
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return bits(aHigh ^ bHigh) + bits(aLow ^ bLow);
}

/**
 * Pairs of indexes whose hashes differ in at most `distance` bits. Not every pair: within a heap of near-duplicates
 * enough to connect them all.
 *
 * Two hashes that differ in d bits agree in at least one of d + 1 bands, so only those that share a band are compared.
 */
export function* nearDuplicates(
  hashes: readonly string[],
  distance: number = NEAR_DISTANCE,
): Generator<[number, number]> {
  const firstOf = new Map<string, number>();
  const distinct: number[] = [];
  for (const [index, hash] of hashes.entries()) {
    const first = firstOf.get(hash);
    if (first === undefined) {
      firstOf.set(hash, index);
      distinct.push(index);
    } else yield [first, index];
  }
  const high = new Int32Array(distinct.length);
  const low = new Int32Array(distinct.length);
  for (const [at, index] of distinct.entries()) {
    const [h, l] = halves(hashes[index] ?? '');
    high[at] = h;
    low[at] = l;
  }
  const bands = distance + 1;
  for (let band = 0; band < bands; band++) {
    const from = Math.floor((64 * band) / bands);
    const width = Math.floor((64 * (band + 1)) / bands) - from;
    const buckets = new Map<number, number[]>();
    for (let at = 0; at < distinct.length; at++) {
      const [h, l] = [high[at] ?? 0, low[at] ?? 0];
      const key = bandOf(h, l, from, width);
      const bucket = buckets.get(key);
      if (bucket === undefined) {
        buckets.set(key, [at]);
        continue;
      }
      for (const other of bucket) {
        const differing = bits(h ^ (high[other] ?? 0)) + bits(l ^ (low[other] ?? 0));
        if (differing <= distance) yield [distinct[other] ?? 0, distinct[at] ?? 0];
      }
      bucket.push(at);
    }
  }
}

/** Bits `from` to `from + width` of a word whose halves are these, the lowest first. Wider than 32 is cut to 32. */
function bandOf(high: number, low: number, from: number, width: number): number {
  const shifted =
    from >= 32 ? high >>> (from - 32) : from === 0 ? low : (low >>> from) | (high << (32 - from));
  return width >= 32 ? shifted : shifted & ((1 << width) - 1);
}

function halves(hash: string): [number, number] {
  return [Number.parseInt(hash.slice(0, 8), 16) | 0, Number.parseInt(hash.slice(8), 16) | 0];
}

/** Set bits of 32. */
function bits(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
