import { getCompact, putU32, read, skip, take } from './bytes';
import {
  EXTRINSIC_INDEX,
  SYSTEM_BLOCK_HASH,
  SYSTEM_DIGEST,
  SYSTEM_EVENT_COUNT,
  SYSTEM_EVENTS,
  SYSTEM_NUMBER,
  SYSTEM_PARENT_HASH,
} from './metadata';
import { found, item, put, rawKey, remove, setU32, twoxConcat, u32Or, valueAt } from './storage';

/** Length of `:extrinsic_index`. */
const INDEX_KEY: usize = 16;

export function extrinsicIndex(): u32 {
  rawKey(EXTRINSIC_INDEX, INDEX_KEY);
  return u32Or(0);
}
export function setExtrinsicIndex(index: u32): void {
  rawKey(EXTRINSIC_INDEX, INDEX_KEY);
  setU32(index);
}
export function blockNumber(): u32 {
  item(SYSTEM_NUMBER);
  return u32Or(0);
}
function blockHashKey(number: u32): void {
  const at = take(4);
  putU32(at, number);
  item(SYSTEM_BLOCK_HASH);
  twoxConcat(at, 4);
}
/** Where the hash lies; 0 when the block is not remembered. */
export function blockHash(number: u32): usize {
  blockHashKey(number);
  return found() ? valueAt : 0;
}
export function beginBlock(number: u32, parent: usize): void {
  item(SYSTEM_NUMBER);
  setU32(number);
  item(SYSTEM_PARENT_HASH);
  put(parent, 32);
  blockHashKey(number - 1);
  put(parent, 32);
  item(SYSTEM_EVENTS);
  remove();
  item(SYSTEM_EVENT_COUNT);
  remove();
  setExtrinsicIndex(0);
}
/** A SCALE header: parent, number (compact), state root, extrinsics root, digest. */
export function initialize(header: usize, length: usize): void {
  read(header, length);
  const parent = skip(32);
  const number = getCompact() as u32;
  skip(64);
  const digest = skip(0);
  beginBlock(number, parent);
  item(SYSTEM_DIGEST);
  put(digest, header + length - digest);
}
