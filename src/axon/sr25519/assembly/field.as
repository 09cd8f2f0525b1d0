// Numbers modulo p = 2^255 − 19, as ten signed limbs of 32 bits in memory: limb i counts 2^⌈25.5·i⌉, so those with an
// even index have 26 bits, the others 25. Limbs of a product are at most 2^26 + 2^17 or 2^25 + 2^17 in absolute value;
// factors may have four times that, as 124.5 · 2^56 · (1 + 2^−7)^2 < 2^63: a sum or difference of up to four products
// is a factor without more ado.

export const SIZE = 40;

const MASK26: i64 = 0x3ffffff;
const MASK25: i64 = 0x1ffffff;

/** One of the two; which does not matter here. */
const ROOT_OF_MINUS_ONE = memory.data<u64>([
  0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478, 0x2b4d00993dfbd7a7, 0x2b8324804fc1df0b,
]);
const ROOT = memory.data(SIZE);
const A = memory.data(SIZE);
const B = memory.data(SIZE);
const C = memory.data(SIZE);
const TEN = memory.data(SIZE);
const FIFTY = memory.data(SIZE);
const CUBE = memory.data(SIZE);
const SEVENTH = memory.data(SIZE);
const REST = memory.data(SIZE);
const DIFFERENCE = memory.data(SIZE);
const WORDS = memory.data(32);

export function initializeField(): void {
  unpack(ROOT, ROOT_OF_MINUS_ONE);
}

@inline
function limb(at: usize, index: usize): i64 {
  return <i64>load<i32>(at + (index << 2));
}

export function copy(out: usize, f: usize): void {
  memory.copy(out, f, SIZE);
}

/** @param value below 2^26 */
export function setSmall(out: usize, value: i32): void {
  memory.fill(out, 0, SIZE);
  store<i32>(out, value);
}

export function add(out: usize, f: usize, g: usize): void {
  for (let i = 0; i < SIZE; i += 8) {
    store<i32>(out + i, load<i32>(f + i) + load<i32>(g + i));
    store<i32>(out + i, load<i32>(f + i, 4) + load<i32>(g + i, 4), 4);
  }
}

export function subtract(out: usize, f: usize, g: usize): void {
  for (let i = 0; i < SIZE; i += 8) {
    store<i32>(out + i, load<i32>(f + i) - load<i32>(g + i));
    store<i32>(out + i, load<i32>(f + i, 4) - load<i32>(g + i, 4), 4);
  }
}

export function negate(out: usize, f: usize): void {
  for (let i = 0; i < SIZE; i += 4) store<i32>(out + i, -load<i32>(f + i));
}

export function multiply(out: usize, f: usize, g: usize): void {
  const f0 = limb(f, 0), f1 = limb(f, 1), f2 = limb(f, 2), f3 = limb(f, 3), f4 = limb(f, 4);
  const f5 = limb(f, 5), f6 = limb(f, 6), f7 = limb(f, 7), f8 = limb(f, 8), f9 = limb(f, 9);
  const g0 = limb(g, 0), g1 = limb(g, 1), g2 = limb(g, 2), g3 = limb(g, 3), g4 = limb(g, 4);
  const g5 = limb(g, 5), g6 = limb(g, 6), g7 = limb(g, 7), g8 = limb(g, 8), g9 = limb(g, 9);
  // d: doubled, as two odd limbs meet half a bit above where their product belongs. w: wrapped round, 2^255 = 19.
  const f1d = f1 << 1, f3d = f3 << 1, f5d = f5 << 1, f7d = f7 << 1, f9d = f9 << 1;
  const g1w = g1 * 19, g2w = g2 * 19, g3w = g3 * 19, g4w = g4 * 19, g5w = g5 * 19;
  const g6w = g6 * 19, g7w = g7 * 19, g8w = g8 * 19, g9w = g9 * 19;
  const h0 = f0 * g0 + f1d * g9w + f2 * g8w + f3d * g7w + f4 * g6w + f5d * g5w + f6 * g4w + f7d * g3w + f8 * g2w + f9d * g1w;
  const h1 = f0 * g1 + f1 * g0 + f2 * g9w + f3 * g8w + f4 * g7w + f5 * g6w + f6 * g5w + f7 * g4w + f8 * g3w + f9 * g2w;
  const h2 = f0 * g2 + f1d * g1 + f2 * g0 + f3d * g9w + f4 * g8w + f5d * g7w + f6 * g6w + f7d * g5w + f8 * g4w + f9d * g3w;
  const h3 = f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * g9w + f5 * g8w + f6 * g7w + f7 * g6w + f8 * g5w + f9 * g4w;
  const h4 = f0 * g4 + f1d * g3 + f2 * g2 + f3d * g1 + f4 * g0 + f5d * g9w + f6 * g8w + f7d * g7w + f8 * g6w + f9d * g5w;
  const h5 = f0 * g5 + f1 * g4 + f2 * g3 + f3 * g2 + f4 * g1 + f5 * g0 + f6 * g9w + f7 * g8w + f8 * g7w + f9 * g6w;
  const h6 = f0 * g6 + f1d * g5 + f2 * g4 + f3d * g3 + f4 * g2 + f5d * g1 + f6 * g0 + f7d * g9w + f8 * g8w + f9d * g7w;
  const h7 = f0 * g7 + f1 * g6 + f2 * g5 + f3 * g4 + f4 * g3 + f5 * g2 + f6 * g1 + f7 * g0 + f8 * g9w + f9 * g8w;
  const h8 = f0 * g8 + f1d * g7 + f2 * g6 + f3d * g5 + f4 * g4 + f5d * g3 + f6 * g2 + f7d * g1 + f8 * g0 + f9d * g9w;
  const h9 = f0 * g9 + f1 * g8 + f2 * g7 + f3 * g6 + f4 * g5 + f5 * g4 + f6 * g3 + f7 * g2 + f8 * g1 + f9 * g0;
  carry(out, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
}

export function square(out: usize, f: usize): void {
  const f0 = limb(f, 0), f1 = limb(f, 1), f2 = limb(f, 2), f3 = limb(f, 3), f4 = limb(f, 4);
  const f5 = limb(f, 5), f6 = limb(f, 6), f7 = limb(f, 7), f8 = limb(f, 8), f9 = limb(f, 9);
  // d: doubled, q: four times, w: wrapped round, as above.
  const f0d = f0 << 1, f1d = f1 << 1, f2d = f2 << 1, f3d = f3 << 1, f4d = f4 << 1;
  const f5d = f5 << 1, f6d = f6 << 1, f7d = f7 << 1, f8d = f8 << 1, f9d = f9 << 1;
  const f1q = f1 << 2, f3q = f3 << 2, f5q = f5 << 2, f7q = f7 << 2;
  const f5w = f5 * 19, f6w = f6 * 19, f7w = f7 * 19, f8w = f8 * 19, f9w = f9 * 19;
  const h0 = f0 * f0 + f1q * f9w + f2d * f8w + f3q * f7w + f4d * f6w + f5d * f5w;
  const h1 = f0d * f1 + f2d * f9w + f3d * f8w + f4d * f7w + f5d * f6w;
  const h2 = f0d * f2 + f1d * f1 + f3q * f9w + f4d * f8w + f5q * f7w + f6 * f6w;
  const h3 = f0d * f3 + f1d * f2 + f4d * f9w + f5d * f8w + f6d * f7w;
  const h4 = f0d * f4 + f1q * f3 + f2 * f2 + f5q * f9w + f6d * f8w + f7d * f7w;
  const h5 = f0d * f5 + f1d * f4 + f2d * f3 + f6d * f9w + f7d * f8w;
  const h6 = f0d * f6 + f1q * f5 + f2d * f4 + f3d * f3 + f7q * f9w + f8 * f8w;
  const h7 = f0d * f7 + f1d * f6 + f2d * f5 + f3d * f4 + f8d * f9w;
  const h8 = f0d * f8 + f1q * f7 + f2d * f6 + f3q * f5 + f4 * f4 + f9d * f9w;
  const h9 = f0d * f9 + f1d * f8 + f2d * f7 + f3d * f6 + f4d * f5;
  carry(out, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
}

/** Two chains at once, from limb 0 and from limb 5, for the processor to work on side by side. */
@inline
function carry(
  out: usize,
  h0: i64, h1: i64, h2: i64, h3: i64, h4: i64, h5: i64, h6: i64, h7: i64, h8: i64, h9: i64,
): void {
  h1 += h0 >> 26; h0 &= MASK26;
  h6 += h5 >> 25; h5 &= MASK25;
  h2 += h1 >> 25; h1 &= MASK25;
  h7 += h6 >> 26; h6 &= MASK26;
  h3 += h2 >> 26; h2 &= MASK26;
  h8 += h7 >> 25; h7 &= MASK25;
  h4 += h3 >> 25; h3 &= MASK25;
  h9 += h8 >> 26; h8 &= MASK26;
  h5 += h4 >> 26; h4 &= MASK26;
  h0 += (h9 >> 25) * 19; h9 &= MASK25;
  h6 += h5 >> 25; h5 &= MASK25;
  h1 += h0 >> 26; h0 &= MASK26;
  store<i32>(out, <i32>h0);
  store<i32>(out, <i32>h1, 4);
  store<i32>(out, <i32>h2, 8);
  store<i32>(out, <i32>h3, 12);
  store<i32>(out, <i32>h4, 16);
  store<i32>(out, <i32>h5, 20);
  store<i32>(out, <i32>h6, 24);
  store<i32>(out, <i32>h7, 28);
  store<i32>(out, <i32>h8, 32);
  store<i32>(out, <i32>h9, 36);
}

function squareTimes(out: usize, f: usize, times: i32): void {
  square(out, f);
  for (let i = 1; i < times; i++) square(out, out);
}

/** A = f^(2^250 − 1), B = f^11 */
function power250(f: usize): void {
  square(A, f);
  squareTimes(B, A, 2);
  multiply(C, B, f); // 9
  multiply(B, C, A); // 11
  square(A, B); // 22
  multiply(A, A, C); // 2^5 − 1
  squareTimes(C, A, 5);
  multiply(A, C, A); // 2^10 − 1
  copy(TEN, A);
  squareTimes(C, A, 10);
  multiply(A, C, A); // 2^20 − 1
  squareTimes(C, A, 20);
  multiply(A, C, A); // 2^40 − 1
  squareTimes(C, A, 10);
  multiply(A, C, TEN); // 2^50 − 1
  copy(FIFTY, A);
  squareTimes(C, A, 50);
  multiply(A, C, A); // 2^100 − 1
  squareTimes(C, A, 100);
  multiply(A, C, A); // 2^200 − 1
  squareTimes(C, A, 50);
  multiply(A, C, FIFTY); // 2^250 − 1
}

/** f^(p − 2); 0 for 0 */
export function invert(out: usize, f: usize): void {
  power250(f);
  squareTimes(A, A, 5);
  multiply(out, A, B);
}

/** f^((p − 5) / 8) */
function powerOfRoot(out: usize, f: usize): void {
  power250(f);
  squareTimes(A, A, 2);
  multiply(out, A, f);
}

/** One of the roots of 1 / f; false when there is none, as for 0. `out` is not `f`. */
export function invertedRoot(out: usize, f: usize): bool {
  square(CUBE, f);
  multiply(CUBE, CUBE, f);
  square(SEVENTH, CUBE);
  multiply(SEVENTH, SEVENTH, f);
  powerOfRoot(SEVENTH, SEVENTH);
  multiply(out, CUBE, SEVENTH);
  square(A, out);
  multiply(A, A, f);
  setSmall(B, 1);
  if (equal(A, B)) return true;
  multiply(out, out, ROOT);
  negate(B, B);
  return equal(A, B);
}

export function multiplyByRoot(out: usize, f: usize): void {
  multiply(out, f, ROOT);
}

/** Reads 32 bytes, little endian; the highest bit does not count. */
export function unpack(out: usize, bytes: usize): void {
  const w0 = load<u64>(bytes), w1 = load<u64>(bytes, 8), w2 = load<u64>(bytes, 16), w3 = load<u64>(bytes, 24);
  store<i32>(out, <i32>(w0 & MASK26));
  store<i32>(out, <i32>((w0 >> 26) & MASK25), 4);
  store<i32>(out, <i32>(((w0 >> 51) | (w1 << 13)) & MASK26), 8);
  store<i32>(out, <i32>((w1 >> 13) & MASK25), 12);
  store<i32>(out, <i32>(w1 >> 38), 16);
  store<i32>(out, <i32>(w2 & MASK25), 20);
  store<i32>(out, <i32>((w2 >> 25) & MASK26), 24);
  store<i32>(out, <i32>(((w2 >> 51) | (w3 << 13)) & MASK25), 28);
  store<i32>(out, <i32>((w3 >> 12) & MASK26), 32);
  store<i32>(out, <i32>((w3 >> 38) & MASK25), 36);
}

/** Writes the number between 0 and p − 1 as 32 bytes, little endian. The limbs may be as large as a factor's. */
export function pack(bytes: usize, f: usize): void {
  // Once leaves a value from −2^8 to 2^255 + 2^8, twice one from 0 to 2^255 − 1, in limbs without sign.
  wrap(REST, f);
  wrap(REST, REST);
  const h0 = <u64>limb(REST, 0), h1 = <u64>limb(REST, 1), h2 = <u64>limb(REST, 2), h3 = <u64>limb(REST, 3);
  const h4 = <u64>limb(REST, 4), h5 = <u64>limb(REST, 5), h6 = <u64>limb(REST, 6), h7 = <u64>limb(REST, 7);
  const h8 = <u64>limb(REST, 8), h9 = <u64>limb(REST, 9);
  let w0 = h0 | (h1 << 26) | (h2 << 51);
  let w1 = (h2 >> 13) | (h3 << 13) | (h4 << 38);
  let w2 = h5 | (h6 << 25) | (h7 << 51);
  let w3 = (h7 >> 13) | (h8 << 12) | (h9 << 38);
  if (!belowP(w0, w1, w2, w3)) {
    w0 -= P0;
    w1 = w2 = w3 = 0;
  }
  store<u64>(bytes, w0);
  store<u64>(bytes, w1, 8);
  store<u64>(bytes, w2, 16);
  store<u64>(bytes, w3, 24);
}

const P0: u64 = 0xffffffffffffffed;
const P3: u64 = 0x7fffffffffffffff;

function belowP(w0: u64, w1: u64, w2: u64, w3: u64): bool {
  return w3 < P3 || (w3 == P3 && ((w1 & w2) != ~0 || w0 < P0));
}

/** Whether 32 bytes are a number below p. */
export function isCanonical(bytes: usize): bool {
  return belowP(load<u64>(bytes), load<u64>(bytes, 8), load<u64>(bytes, 16), load<u64>(bytes, 24));
}

/** Carries from limb to limb and from the last to the first. */
function wrap(out: usize, f: usize): void {
  let carried: i32 = 0;
  for (let i = 0; i < SIZE; i += 8) {
    const even = load<i32>(f + i) + carried;
    const odd = load<i32>(f + i, 4) + (even >> 26);
    store<i32>(out + i, even & <i32>MASK26);
    store<i32>(out + i, odd & <i32>MASK25, 4);
    carried = odd >> 25;
  }
  store<i32>(out, load<i32>(out) + 19 * carried);
}

export function isZero(f: usize): bool {
  pack(WORDS, f);
  return (load<u64>(WORDS) | load<u64>(WORDS, 8) | load<u64>(WORDS, 16) | load<u64>(WORDS, 24)) == 0;
}

/** Odd numbers below p are negative. */
export function isNegative(f: usize): bool {
  pack(WORDS, f);
  return (load<u8>(WORDS) & 1) != 0;
}

/** Each may be the sum of two products. */
export function equal(f: usize, g: usize): bool {
  subtract(DIFFERENCE, f, g);
  return isZero(DIFFERENCE);
}
