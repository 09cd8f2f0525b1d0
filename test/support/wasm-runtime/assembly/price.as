import { copy, take } from './bytes';
import {
  SUBTENSOR_BURN,
  SUBTENSOR_BURN_HALF_LIFE,
  SUBTENSOR_BURN_INCREASE_MULT,
  SUBTENSOR_MAX_BURN,
  SUBTENSOR_MIN_BURN,
} from './metadata';
import { found, identityU16, item, nextUnder, setU64, u16Or, u64Or, valueAt, valueLength } from './storage';

const ONE: u64 = 1 << 32;

/** a × b / 2^32, for b up to 2^32. */
function timesQ32(a: u64, b: u64): u64 {
  return (a >> 32) * b + (((a & 0xffffffff) * b) >> 32);
}
function powerQ32(base: u64, exponent: u32): u64 {
  let result = ONE;
  let factor = base;
  let left = exponent;
  while (left > 0) {
    if (left & 1) result = timesQ32(result, factor);
    left >>= 1;
    if (left > 0) factor = timesQ32(factor, factor);
  }
  return result;
}
/** 2^(−1/halfLife) in Q32: the largest factor whose power is at most one half. */
function decayFactor(halfLife: u32): u64 {
  if (halfLife == 0) return ONE;
  let low: u64 = 0;
  let high: u64 = ONE;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (powerQ32(middle, halfLife) > ONE / 2) high = middle;
    else low = middle;
  }
  return low;
}
function clamped(netuid: u32, price: u64): u64 {
  item(SUBTENSOR_MIN_BURN);
  identityU16(netuid);
  const least = u64Or(500_000);
  item(SUBTENSOR_MAX_BURN);
  identityU16(netuid);
  const most = u64Or(100_000_000_000);
  return price < least ? least : price > most ? most : price;
}
function setPrice(netuid: u32, price: u64): void {
  const next = clamped(netuid, price);
  item(SUBTENSOR_BURN);
  identityU16(netuid);
  setU64(next);
}

/** Every subnet's price falls by its half-life, once a block. */
export function decayPrices(): void {
  const key = take(64);
  copy(key, SUBTENSOR_BURN, 32);
  let length: usize = 32;
  while (nextUnder(key, length, 32)) {
    length = valueLength;
    copy(key, valueAt, length);
    const netuid: u32 = load<u16>(key + 32);
    item(SUBTENSOR_BURN);
    identityU16(netuid);
    const price = u64Or(0);
    item(SUBTENSOR_BURN_HALF_LIFE);
    identityU16(netuid);
    setPrice(netuid, timesQ32(price, decayFactor(u16Or(360))));
  }
}

/** × BurnIncreaseMult (U64F64) after a registration. */
export function raisePrice(netuid: u32, price: u64): void {
  item(SUBTENSOR_BURN_INCREASE_MULT);
  identityU16(netuid);
  let fraction: u64 = 0x428f5c28f5c29000;
  let whole: u64 = 1;
  if (found()) {
    fraction = load<u64>(valueAt);
    whole = load<u64>(valueAt + 8);
  }
  if (whole == 0) {
    fraction = 0;
    whole = 1;
  }
  setPrice(netuid, price * whole + upperHalf(price, fraction));
}
/** The upper 64 bits of a × b. */
function upperHalf(a: u64, b: u64): u64 {
  const aHigh = a >> 32;
  const aLow = a & 0xffffffff;
  const bHigh = b >> 32;
  const bLow = b & 0xffffffff;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}
