import { copy, putU16, putU32, putU64, putU8, take } from './bytes';
import { blake2_128, hostAppend, hostClear, hostGet, hostNextKey, hostSet, span, twox_64 } from './host';

// The key under construction: item(PREFIX), then one call for each map key, named after its hasher. There is one such key
// only: a value that is to be stored is worked out before its key is.
let keyAt: usize = 0;
let keyEnd: usize = 0;

/** Starts a key with an item's prefix (twox128 of the pallet and of the item, 32 bytes). */
export function item(prefix: usize): void {
  keyAt = take(160);
  keyEnd = copy(keyAt, prefix, 32);
}
export function rawKey(at: usize, length: usize): void {
  keyAt = at;
  keyEnd = at + length;
}
export function identityU16(value: u32): void {
  keyEnd = putU16(keyEnd, value);
}
export function blakeConcat(account: usize): void {
  keyEnd = copy(keyEnd, blake2_128(span(account, 32)), 16);
  keyEnd = copy(keyEnd, account, 32);
}
export function twoxConcat(at: usize, length: usize): void {
  keyEnd = copy(keyEnd, twox_64(span(at, length)), 8);
  keyEnd = copy(keyEnd, at, length);
}

function key(): i64 {
  return span(keyAt, keyEnd - keyAt);
}

export let valueAt: usize = 0;
export let valueLength: usize = 0;

/** Looks the key up; what is stored then lies at valueAt. */
export function found(): bool {
  return optional(hostGet(key()));
}

/** SCALE Option<Vec<u8>>, as the host answers. */
function optional(answer: i64): bool {
  const at = (answer & 0xffffffff) as usize;
  if ((answer >>> 32) as usize == 0 || load<u8>(at) != 1) return false;
  const first: usize = load<u8>(at + 1);
  const mode = first & 3;
  if (mode == 0) valueLength = first >> 2;
  else if (mode == 1) valueLength = (load<u16>(at + 1) as usize) >> 2;
  else valueLength = (load<u32>(at + 1) as usize) >> 2;
  valueAt = at + (mode == 0 ? 2 : mode == 1 ? 3 : 5);
  return true;
}

/** The whole answer of the host for a key: SCALE Option<Vec<u8>>. */
export function optionOfBytes(): i64 {
  return hostGet(key());
}

/** The key after the given one, under the first `prefix` bytes; it then lies at valueAt. */
export function nextUnder(at: usize, length: usize, prefix: usize): bool {
  if (!optional(hostNextKey(span(at, length)))) return false;
  return valueLength >= prefix && memory.compare(valueAt, at, prefix) == 0;
}

export function isSet(): bool {
  return found() && valueLength > 0 && load<u8>(valueAt) != 0;
}
export function u16Or(fallback: u32): u32 {
  return found() ? load<u16>(valueAt) : fallback;
}
export function u32Or(fallback: u32): u32 {
  return found() ? load<u32>(valueAt) : fallback;
}
export function u64Or(fallback: u64): u64 {
  return found() ? load<u64>(valueAt) : fallback;
}

export function remove(): void {
  hostClear(key());
}
export function put(at: usize, length: usize): void {
  hostSet(key(), span(at, length));
}
/** Appends to a SCALE vector without reading it. */
export function append(at: usize, length: usize): void {
  hostAppend(key(), span(at, length));
}
export function setU8(value: u32): void {
  const at = take(1);
  putU8(at, value);
  put(at, 1);
}
export function setU16(value: u32): void {
  const at = take(2);
  putU16(at, value);
  put(at, 2);
}
export function setU32(value: u32): void {
  const at = take(4);
  putU32(at, value);
  put(at, 4);
}
export function setU64(value: u64): void {
  const at = take(8);
  putU64(at, value);
  put(at, 8);
}
