// What JavaScript calls. It writes inputs to memory, at the addresses that are exported here, and calls in this order:
// initialize once; decodeKey for a key; buildKeyTable for the same or a later one; and for a signature beginSignature,
// then for each message in question beginMessage, continueMessage as often as it takes, endMessage.

import { addPoint, buildTable, ENTRY_SIZE, initializeCurve, multiplyByTable, POINT_SIZE, unpackPoint } from './curve';
import { initializeField } from './field';
import { decodeNegated, isEncodingOf, readEncoding } from './ristretto';
import { isScalar, reduceWide } from './scalar';
import { absorb, beginMessage, challenge, initializeTranscript } from './transcript';

// For tests.
export { multiply, pack, square, unpack } from './field';
export { isScalar, reduceWide } from './scalar';

/** Bits of a digit, and of how many windows one has a row in the table. */
const BASE_WIDTH = 6;
const BASE_STRIDE = 1;
const KEY_WIDTH = 5;
/** For a key that is kept with its table. */
const KEPT_STRIDE = 4;
/** For one that is not: building the table and multiplying once or twice take least time together. */
const PASSING_STRIDE = 26;

/** The base point: x and y. */
const BASE = memory.data<u64>([
  0xc9562d608f25d51a, 0x692cc7609525a7b2, 0xc0a4e231fdd6dc5c, 0x216936d3cd6e53fe,
  0x6666666666666658, 0x6666666666666666, 0x6666666666666666, 0x6666666666666666,
]);
/** 43 windows, 32 multiples in each. */
const BASE_TABLE = memory.data(43 * 32 * ENTRY_SIZE, 8);

/** 32 bytes: an encoded public key. */
export const publicKey: usize = memory.data(32, 8);
/** 64 bytes: x and y of that key's point, negated. */
export const negated: usize = memory.data(64, 8);
/** 64 bytes */
export const signature: usize = memory.data(64, 8);
/** A part of the message. */
export const message: usize = memory.data(1024, 8);
export const messageSize: i32 = 1024;
/** A table of that key: of 51 windows every fourth at most, 16 multiples in each. */
export const table: usize = memory.data(13 * 16 * ENTRY_SIZE, 8);
export const tableSize: i32 = 13 * 16 * ENTRY_SIZE;

const POINT = memory.data(POINT_SIZE);
/** s·B */
const SB = memory.data(POINT_SIZE);
/** Two bytes more than a number has, for reading digits. */
const SCALAR = memory.data(40, 8);

/** Once, before anything else. */
export function initialize(): void {
  initializeField();
  initializeCurve();
  initializeTranscript();
  unpackPoint(POINT, BASE);
  buildTable(BASE_TABLE, POINT, BASE_WIDTH, BASE_STRIDE);
}

/** From `publicKey` to `negated`; false when it is no point, or the identity. */
export function decodeKey(): bool {
  return decodeNegated(negated, publicKey);
}

/** From `negated` to `table`; `kept` makes the larger one, which takes all of its place. */
export function buildKeyTable(kept: bool): void {
  unpackPoint(POINT, negated);
  buildTable(table, POINT, KEY_WIDTH, kept ? KEPT_STRIDE : PASSING_STRIDE);
}

/** Looks at `signature`; false when it cannot be one. */
export function beginSignature(): bool {
  if ((load<u8>(signature, 63) & 0x80) == 0) return false;
  memory.copy(SCALAR, signature + 32, 32);
  store<u8>(SCALAR, load<u8>(SCALAR, 31) & 0x7f, 31);
  if (!isScalar(SCALAR) || !readEncoding(signature)) return false;
  multiplyByTable(SB, BASE_TABLE, BASE_WIDTH, BASE_STRIDE, SCALAR);
  return true;
}

export { beginMessage };

/** The next `length` bytes of the message are in `message`. */
export function continueMessage(length: usize): void {
  absorb(message, length);
}

/** Whether the signature over that message is the one of `publicKey`. `table` is that key's, and `kept` as it was built. */
export function endMessage(kept: bool): bool {
  reduceWide(SCALAR, challenge(publicKey, signature));
  multiplyByTable(POINT, table, KEY_WIDTH, kept ? KEPT_STRIDE : PASSING_STRIDE, SCALAR);
  addPoint(POINT, SB);
  return isEncodingOf(POINT);
}
