// Scratch memory between the static data and the host's heap, given out upwards. Every call of the runtime starts with
// fresh memory, so nothing is ever given back.

/** Where the host's heap begins; compile.ts exports it as __heap_base. */
const ARENA_END: usize = 0x400000;
// A literal: a constant here would be copied by a start function, which fork executors do not run.
let top: usize = 0x10000;

export function take(length: usize): usize {
  const at = top;
  top += (length + 7) & ~7;
  if (top > ARENA_END) unreachable();
  return at;
}

export function copy(to: usize, from: usize, length: usize): usize {
  memory.copy(to, from, length);
  return to + length;
}

export function same(a: usize, b: usize, length: usize): bool {
  return memory.compare(a, b, length) == 0;
}

// Writing SCALE: each takes where to write and returns where it stopped.

export function putU8(at: usize, value: u32): usize {
  store<u8>(at, value as u8);
  return at + 1;
}
export function putU16(at: usize, value: u32): usize {
  store<u16>(at, value as u16);
  return at + 2;
}
export function putU32(at: usize, value: u32): usize {
  store<u32>(at, value);
  return at + 4;
}
export function putU64(at: usize, value: u64): usize {
  store<u64>(at, value);
  return at + 8;
}
export function putCompact(at: usize, value: u64): usize {
  if (value < 64) return putU8(at, (value << 2) as u32);
  if (value < 0x4000) return putU16(at, ((value << 2) | 1) as u32);
  if (value < 0x40000000) return putU32(at, ((value << 2) | 2) as u32);
  let length = 4;
  while (length < 8 && value >> (8 * length) != 0) length++;
  store<u8>(at, (((length - 4) << 2) | 3) as u8);
  for (let i = 0; i < length; i++) store<u8>(at + 1 + i, (value >> (8 * i)) as u8);
  return at + 1 + length;
}

// Reading SCALE: one cursor; `bad` remembers that the bytes ended early or meant nothing.

export let cursor: usize = 0;
export let end: usize = 0;
export let bad: bool = false;

export function read(at: usize, length: usize): void {
  cursor = at;
  end = at + length;
  bad = false;
}
export function skip(length: usize): usize {
  const at = cursor;
  if (length > end - cursor) {
    bad = true;
    cursor = end;
    return take(length & 0xffff);
  }
  cursor += length;
  return at;
}
export function spoil(): void {
  bad = true;
}
export function getU8(): u32 {
  return load<u8>(skip(1));
}
export function getU16(): u32 {
  return load<u16>(skip(2));
}
export function getU32(): u32 {
  return load<u32>(skip(4));
}
export function getU64(): u64 {
  return load<u64>(skip(8));
}
export function getCompact(): u64 {
  const first = getU8();
  const mode = first & 3;
  if (mode == 0) return first >> 2;
  if (mode == 1) return (first >> 2) | (getU8() << 6);
  if (mode == 2) {
    const low: u64 = (first >> 2) | (getU8() << 6);
    return low | ((getU16() as u64) << 14);
  }
  const length = (first >> 2) + 4;
  if (length > 8) bad = true;
  let value: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = getU8() as u64;
    if (i < 8) value |= byte << (8 * i);
  }
  return value;
}
