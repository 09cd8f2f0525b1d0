import { type Subnet, U64F64_ONE } from '../world/index.ts';

const ONE_Q32 = 1n << 32n;

/**
 * The runtime's decay factor of one block as Q32 (utils/misc.rs, decay_factor_q32): the greatest factor found by bisection
 * whose power of `halfLife`, by repeated truncating squaring, is at most one half. 1 where the half-life is 0.
 */
export function decayFactor(halfLife: number): bigint {
  const known = factors.get(halfLife);
  if (known !== undefined) return known;
  let low = 0n;
  let high = ONE_Q32;
  while (low + 1n < high) {
    const middle = (low + high) >> 1n;
    if (power(middle, halfLife) > ONE_Q32 / 2n) high = middle;
    else low = middle;
  }
  const factor = halfLife === 0 ? ONE_Q32 : low;
  factors.set(halfLife, factor);
  return factor;
}

const factors = new Map<number, bigint>();

function power(base: bigint, exponent: number): bigint {
  let result = ONE_Q32;
  let factor = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * factor) >> 32n;
    factor = (factor * factor) >> 32n;
  }
  return result;
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) value = low;
  return value > high ? high : value;
}

/** One block's decay of a price (registration.rs, update_registration_prices_for_networks). */
export function decayed(price: bigint, halfLife: number, low: bigint, high: bigint): bigint {
  return clamp((price * decayFactor(halfLife)) >> 32n, low, high);
}

/** A price after one registration; the multiplier is U64F64 and counts as at least 1. */
export function raised(price: bigint, multiplier: bigint, low: bigint, high: bigint): bigint {
  const by = multiplier > U64F64_ONE ? multiplier : U64F64_ONE;
  const next = (price * by) >> 64n;
  return clamp(next > 0xffff_ffff_ffff_ffffn ? 0xffff_ffff_ffff_ffffn : next, low, high);
}

export function raiseBurn(subnet: Subnet): void {
  const { burnIncreaseMult, minBurn, maxBurn } = subnet.params;
  subnet.burn = raised(subnet.burn, burnIncreaseMult, minBurn, maxBurn);
}

/** Bounds of the difficulty: at least 1, and never upside down. */
function difficultyBounds({ params }: Subnet): { low: bigint; high: bigint } {
  const low = params.minDifficulty > 1n ? params.minDifficulty : 1n;
  return { low, high: params.maxDifficulty > low ? params.maxDifficulty : low };
}

/** The difficulty that a proof is held against. */
export function difficultyOf(subnet: Subnet): bigint {
  const { low, high } = difficultyBounds(subnet);
  return clamp(subnet.difficulty, low, high);
}

export function raiseDifficulty(subnet: Subnet): void {
  const { low, high } = difficultyBounds(subnet);
  subnet.difficulty = raised(difficultyOf(subnet), subnet.params.burnIncreaseMult, low, high);
}

/** Both prices sink by one block and the block's count of registrations starts again. */
export function decayPrices(subnet: Subnet): void {
  const { burnHalfLife, minBurn, maxBurn } = subnet.params;
  subnet.burn = decayed(subnet.burn, burnHalfLife, minBurn, maxBurn);
  const { low, high } = difficultyBounds(subnet);
  subnet.difficulty = decayed(difficultyOf(subnet), burnHalfLife, low, high);
  subnet.registrationsThisBlock = 0;
}
