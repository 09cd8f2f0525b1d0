// Encodings of ristretto255 (RFC 9496), which stand for a point of edwards25519 up to four others.

import { D } from './curve';
import {
  add, copy, equal, invert, invertedRoot, isCanonical, isNegative, isZero, multiply, multiplyByRoot, negate, pack, setSmall, SIZE,
  square, subtract, unpack,
} from './field';

const S = memory.data(SIZE);
const ONE = memory.data(SIZE);
const U1 = memory.data(SIZE);
const U2 = memory.data(SIZE);
const V = memory.data(SIZE);
const A = memory.data(SIZE);
const B = memory.data(SIZE);
const X = memory.data(SIZE);
const Y = memory.data(SIZE);

/** What can be told without looking for a point: s is below p and even. Leaves s, and u1 = 1 − s², u2 = 1 + s². */
export function readEncoding(bytes: usize): bool {
  if (!isCanonical(bytes) || (load<u8>(bytes) & 1) != 0) return false;
  unpack(S, bytes);
  square(A, S);
  setSmall(ONE, 1);
  subtract(U1, ONE, A);
  add(U2, ONE, A);
  return true;
}

/** RFC 9496, 4.3.1. Writes −x and y, 32 bytes each. False when the bytes stand for no point, or for the identity. */
export function decodeNegated(out: usize, bytes: usize): bool {
  if (!readEncoding(bytes) || isZero(S)) return false;
  square(A, U1);
  multiply(A, A, D);
  square(B, U2);
  negate(V, A);
  subtract(V, V, B);
  multiply(B, V, B);
  if (!invertedRoot(A, B)) return false;
  multiply(X, A, U2); // Dx
  multiply(Y, A, X);
  multiply(Y, Y, V); // Dy
  multiply(X, X, S);
  add(X, X, X);
  if (isNegative(X)) negate(X, X);
  multiply(Y, Y, U1);
  multiply(B, X, Y);
  if (isNegative(B) || isZero(Y)) return false;
  negate(X, X);
  pack(out, X);
  pack(out + 32, Y);
  return true;
}

/**
 * Whether what readEncoding read stands for this point. Decoding, which takes a root, is not needed for that: it would
 * give y = u1 / u2, and for x the root that is not negative of what the curve asks for. Of the four points that have the
 * same encoding, (x, y), (−x, −y), (iy, ix) and (−iy, −ix), the one with that y has to have that x; and x·y must not be
 * negative, nor y zero.
 */
export function isEncodingOf(point: usize): bool {
  const y = point + SIZE;
  const z = point + 2 * SIZE;
  if (isZero(U1)) return false;
  multiply(A, z, U1);
  multiply(B, y, U2);
  if (equal(A, B)) copy(X, point);
  else {
    negate(B, B);
    if (equal(A, B)) negate(X, point);
    else {
      multiply(B, point, U2);
      multiplyByRoot(B, B);
      if (equal(A, B)) multiplyByRoot(X, y);
      else {
        negate(B, B);
        if (!equal(A, B)) return false;
        multiplyByRoot(X, y);
        negate(X, X);
      }
    }
  }
  // Both are over z·u2: x = X·u2 and x·y = X·u1.
  multiply(A, z, U2);
  invert(A, A);
  multiply(X, X, A);
  multiply(B, X, U2);
  if (isNegative(B)) return false;
  multiply(B, X, U1);
  return !isNegative(B);
}
