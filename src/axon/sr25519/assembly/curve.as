// Points of edwards25519, −x² + y² = 1 + d·x²·y², in extended coordinates X, Y, Z, T = X·Y/Z, and tables of their multiples.

import { add, copy, invert, multiply, negate, setSmall, SIZE, square, subtract, unpack } from './field';

const Y = SIZE;
const Z = 2 * SIZE;
const T = 3 * SIZE;
export const POINT_SIZE = 4 * SIZE;

export const D = memory.data(SIZE);
const TWICE_D = memory.data(SIZE);
const D_WORDS = memory.data<u64>([
  0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898, 0x52036cee2b6ffe73,
]);

const A = memory.data(SIZE);
const B = memory.data(SIZE);
const C = memory.data(SIZE);
const E = memory.data(SIZE);
const F = memory.data(SIZE);
const G = memory.data(SIZE);
const H = memory.data(SIZE);
/** A point to be added often: Y + X, Y − X, 2·Z, 2·d·T. */
const ADDEND = memory.data(POINT_SIZE);

export function initializeCurve(): void {
  unpack(D, D_WORDS);
  setSmall(A, 2);
  multiply(TWICE_D, D, A);
}

/** From 64 bytes: x and y. */
export function unpackPoint(out: usize, bytes: usize): void {
  unpack(out, bytes);
  unpack(out + Y, bytes + 32);
  setSmall(out + Z, 1);
  multiply(out + T, out, out + Y);
}

function setZero(out: usize): void {
  setSmall(out, 0);
  setSmall(out + Y, 1);
  setSmall(out + Z, 1);
  setSmall(out + T, 0);
}

/** "add-2008-hwcd-3" of the Explicit-Formulas Database, complete on this curve, from here on the same for all. */
@inline
function combine(point: usize): void {
  multiply(point, E, F);
  multiply(point + Y, G, H);
  multiply(point + Z, F, G);
  multiply(point + T, E, H);
}

function prepareAddend(point: usize): void {
  add(ADDEND, point + Y, point);
  subtract(ADDEND + Y, point + Y, point);
  add(ADDEND + Z, point + Z, point + Z);
  multiply(ADDEND + T, point + T, TWICE_D);
}

function addAddend(point: usize): void {
  subtract(E, point + Y, point);
  multiply(A, E, ADDEND + Y);
  add(H, point + Y, point);
  multiply(B, H, ADDEND);
  multiply(C, point + T, ADDEND + T);
  multiply(G, point + Z, ADDEND + Z);
  subtract(E, B, A);
  subtract(F, G, C);
  add(G, G, C);
  add(H, B, A);
  combine(point);
}

/** point += other */
export function addPoint(point: usize, other: usize): void {
  prepareAddend(other);
  addAddend(point);
}

/** "dbl-2008-hwcd", all signs turned; T is for an addition, and can be left out when there is none. */
function double(point: usize, withT: bool): void {
  square(A, point);
  square(B, point + Y);
  square(C, point + Z);
  add(E, point, point + Y);
  square(E, E);
  add(H, A, B);
  subtract(E, H, E);
  subtract(G, A, B);
  add(F, C, C);
  add(F, F, G);
  multiply(point, E, F);
  multiply(point + Y, G, H);
  multiply(point + Z, F, G);
  if (withT) multiply(point + T, E, H);
}

export function doubleTimes(point: usize, times: i32): void {
  for (let i = 1; i <= times; i++) double(point, i == times);
}

// A table for digits of `width` bits holds, for every `stride`-th window, the multiples 1 … 2^(width−1) of
// 2^(width·window)·P, each as y + x, y − x and 2·d·x·y. The windows between are reached by doubling.

export const ENTRY_SIZE = 3 * SIZE;
/** How many entries are made affine together, with one inversion. */
const BATCH = 256;

const BASE = memory.data(POINT_SIZE);
const INVERSE = memory.data(SIZE);
const PRODUCTS = memory.data(BATCH * SIZE);

/** Windows of this width that a number below 2^253 has, with one bit to spare for the sign. */
@inline
function windowsOf(width: i32): i32 {
  return (253 + width) / width;
}

export function buildTable(table: usize, point: usize, width: i32, stride: i32): void {
  const half = 1 << (width - 1);
  const windows = windowsOf(width);
  memory.copy(BASE, point, POINT_SIZE);
  let entry = table;
  for (let window = 0; window < windows; window += stride) {
    if (window > 0) doubleTimes(BASE, width * (stride - 1) + 1);
    prepareAddend(BASE);
    for (let i = 1; i <= half; i++) {
      if (i > 1) addAddend(BASE);
      memory.copy(entry, BASE, ENTRY_SIZE);
      entry += ENTRY_SIZE;
    }
    // The last multiple is 2^(width−1)·P, half of what the next window needs.
  }
  let from = table;
  while (from < entry) {
    const end = min(entry, from + BATCH * ENTRY_SIZE);
    finishEntries(from, end);
    from = end;
  }
}

/** Turns X, Y, Z of all entries into what is added; no Z is zero on this curve. */
function finishEntries(from: usize, to: usize): void {
  setSmall(A, 1);
  let product = PRODUCTS;
  for (let entry = from; entry < to; entry += ENTRY_SIZE) {
    copy(product, A);
    multiply(A, A, entry + Z);
    product += SIZE;
  }
  invert(INVERSE, A);
  for (let entry = to - ENTRY_SIZE; entry >= from; entry -= ENTRY_SIZE) {
    product -= SIZE;
    multiply(A, INVERSE, product);
    multiply(INVERSE, INVERSE, entry + Z);
    multiply(B, entry, A);
    multiply(C, entry + Y, A);
    add(entry, C, B);
    subtract(entry + Y, C, B);
    multiply(B, B, C);
    multiply(entry + Z, B, TWICE_D);
  }
}

/** Digits from −2^(width−1) + 1 to 2^(width−1), lowest first. */
const DIGITS = memory.data(64);

function findDigits(scalar: usize, width: i32): void {
  const half = 1 << (width - 1);
  const windows = windowsOf(width);
  let carried = 0;
  for (let window = 0; window < windows; window++) {
    const position = window * width;
    const bits = <i32>load<u16>(scalar + (position >> 3)) >> (position & 7);
    const digit = (bits & (2 * half - 1)) + carried;
    carried = digit > half ? 1 : 0;
    store<i8>(DIGITS + window, <i8>(digit - carried * 2 * half));
  }
}

/** scalar·P from P's table. The scalar is 32 bytes, little endian, below 2^253, and two bytes behind it are zero. */
export function multiplyByTable(out: usize, table: usize, width: i32, stride: i32, scalar: usize): void {
  findDigits(scalar, width);
  const windows = windowsOf(width);
  const row = ENTRY_SIZE << (width - 1);
  setZero(out);
  for (let phase = min(stride, windows) - 1; phase >= 0; phase--) {
    let entries = table;
    for (let window = phase; window < windows; window += stride) {
      const digit = <i32>load<i8>(DIGITS + window);
      if (digit > 0) addEntry(out, entries + (digit - 1) * ENTRY_SIZE, false);
      else if (digit < 0) addEntry(out, entries + (-digit - 1) * ENTRY_SIZE, true);
      entries += row;
    }
    if (phase > 0) doubleTimes(out, width);
  }
}

function addEntry(point: usize, entry: usize, negative: bool): void {
  const sum = negative ? entry + Y : entry;
  const difference = negative ? entry : entry + Y;
  subtract(A, point + Y, point);
  multiply(A, A, difference);
  add(B, point + Y, point);
  multiply(B, B, sum);
  multiply(C, point + T, entry + Z);
  if (negative) negate(C, C);
  add(G, point + Z, point + Z);
  subtract(E, B, A);
  subtract(F, G, C);
  add(G, G, C);
  add(H, B, A);
  combine(point);
}
