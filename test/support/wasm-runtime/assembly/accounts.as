import { take } from './bytes';
import { endowed, transferred, withdrawn } from './events';
import { SYSTEM_ACCOUNT } from './metadata';
import { blakeConcat, found, item, put, valueAt } from './storage';

// AccountInfo: nonce, consumers, providers, sufficients (u32), free, reserved, frozen (u64), flags (u128).
const LENGTH: usize = 56;
const NEW_FLAGS: u64 = 0x8000000000000000;

/** A copy of the account's entry; zeros when there is none. */
function entry(who: usize): usize {
  const at = take(LENGTH);
  memory.fill(at, 0, LENGTH);
  item(SYSTEM_ACCOUNT);
  blakeConcat(who);
  if (found()) memory.copy(at, valueAt, LENGTH);
  return at;
}
function write(who: usize, at: usize): void {
  item(SYSTEM_ACCOUNT);
  blakeConcat(who);
  put(at, LENGTH);
}

export function nonceOf(who: usize): u32 {
  return load<u32>(entry(who));
}
export function freeOf(who: usize): u64 {
  return load<u64>(entry(who) + 16);
}
export function raiseNonce(who: usize): void {
  const at = entry(who);
  store<u32>(at, load<u32>(at) + 1);
  write(who, at);
}
/** The caller has checked that it is there. */
export function withdraw(who: usize, amount: u64): void {
  const at = entry(who);
  store<u64>(at + 16, load<u64>(at + 16) - amount);
  write(who, at);
  withdrawn(who, amount);
}
/** The caller has checked that it is there. */
export function transfer(from: usize, to: usize, amount: u64): void {
  const source = entry(from);
  store<u64>(source + 16, load<u64>(source + 16) - amount);
  write(from, source);
  const target = entry(to);
  const before = load<u64>(target + 16);
  store<u64>(target + 16, before + amount);
  if (before == 0 && load<u32>(target + 8) == 0) {
    store<u32>(target + 8, 1);
    store<u64>(target + 48, NEW_FLAGS);
    endowed(to, amount);
  }
  write(to, target);
  transferred(from, to, amount);
}
