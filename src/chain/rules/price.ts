import { type Rao, rao } from '../../amount/index.ts';

/**
 * How a subnet's registration price moves.
 * continuous (runtimes with BurnHalfLife): decays every block, each registration multiplies it.
 * interval (older ones): changes at the end of each adjustment interval, by a rule that depends on the demand.
 */
export type PriceRule =
  | {
      readonly kind: 'continuous';
      /** Blocks in which the price halves when nobody registers; 0 switches the decay off. */
      readonly halfLife: number;
      /** What a registration multiplies the price by: U64F64, so 2^64 is 1. */
      readonly increaseBits: bigint;
      readonly min: Rao;
      readonly max: Rao;
    }
  | { readonly kind: 'interval'; readonly intervalBlocks: number; readonly min: Rao; readonly max: Rao };

type Continuous = Extract<PriceRule, { kind: 'continuous' }>;

const ONE_Q32 = 1n << 32n;
const HALF_Q32 = 1n << 31n;
const ONE_U64F64 = 1n << 64n;

/**
 * The per-block factor of the decay in Q32: the largest f with f^halfLife at most one half, as the runtime finds it
 * (subtensor, utils/misc.rs: decay_factor_q32, by bisection with truncating multiplications).
 */
export function decayFactor(halfLife: number): bigint {
  if (halfLife === 0) return ONE_Q32;
  let low = 0n;
  let high = ONE_Q32;
  while (low + 1n < high) {
    const middle = low + ((high - low) >> 1n);
    if (power(middle, halfLife) > HALF_Q32) high = middle;
    else low = middle;
  }
  return low;
}

/**
 * The price after some blocks without a registration, to the rao (subtensor, subnets/registration.rs:
 * update_registration_prices_for_networks, once per block). A price by intervals is left as it is.
 */
export function priceAfterBlocks(price: Rao, blocks: number, rule: PriceRule): Rao {
  if (rule.kind === 'interval') return price;
  const factor = decayFactor(rule.halfLife);
  let now: bigint = price;
  for (let block = 0; block < blocks; block++) {
    const next = clamp((now * factor) >> 32n, rule);
    if (next === now) break;
    now = next;
  }
  return rao(now);
}

/**
 * The price after some registrations in the same block (subtensor, subnets/registration.rs:
 * bump_registration_price_after_registration; a factor below 1 counts as 1). A price by intervals is left as it is.
 */
export function priceAfterRegistrations(price: Rao, registrations: number, rule: PriceRule): Rao {
  if (rule.kind === 'interval') return price;
  const factor = rule.increaseBits < ONE_U64F64 ? ONE_U64F64 : rule.increaseBits;
  let now: bigint = price;
  for (let count = 0; count < registrations; count++) {
    const next = clamp((now * factor) >> 64n, rule);
    if (next === now) break;
    now = next;
  }
  return rao(now);
}

/**
 * In how many blocks the price is at most `target` if nobody registers.
 * @returns undefined when it never is: the floor lies above, there is no decay, or the rule is not one of decay
 */
export function blocksUntilPrice(price: Rao, target: Rao, rule: PriceRule): number | undefined {
  if (price <= target) return 0;
  if (rule.kind === 'interval' || rule.halfLife === 0 || rule.min > target) return undefined;
  const factor = decayFactor(rule.halfLife);
  let now: bigint = price;
  for (let block = 1; ; block++) {
    const next = clamp((now * factor) >> 32n, rule);
    if (next <= target) return block;
    if (next === now) return undefined;
    now = next;
  }
}

/** A price seen at a block. */
export interface PriceSample {
  readonly block: number;
  readonly price: Rao;
}

export interface PriceMovement {
  readonly from: PriceSample;
  readonly to: PriceSample;
  /** Registrations that explain the difference to the mere decay; undefined where the rule does not tell. */
  readonly registrations: number | undefined;
}

/**
 * What happened to the price between the oldest and the newest of some samples. A run of registrations and the decay
 * between them are told apart by the factor of a registration; where the price was held by its floor or ceiling, it is a lower bound.
 */
export function priceMovement(samples: readonly PriceSample[], rule: PriceRule): PriceMovement | undefined {
  const sorted = samples.toSorted((a, b) => a.block - b.block);
  const [from, to] = [sorted[0], sorted.at(-1)];
  if (!from || !to || from.block === to.block) return undefined;
  let registrations: number | undefined;
  if (rule.kind === 'continuous' && rule.increaseBits > ONE_U64F64) {
    registrations = 0;
    for (const [index, sample] of sorted.entries()) {
      const before = sorted[index - 1];
      if (before) registrations += bumpsBetween(before, sample, rule);
    }
  }
  return { from, to, registrations };
}

function bumpsBetween(before: PriceSample, after: PriceSample, rule: Continuous): number {
  const decayed = priceAfterBlocks(before.price, after.block - before.block, rule);
  if (decayed <= 0n || after.price <= decayed) return 0;
  const increase = Number(rule.increaseBits) / Number(ONE_U64F64);
  return Math.round(Math.log(Number(after.price) / Number(decayed)) / Math.log(increase));
}

function power(base: bigint, exponent: number): bigint {
  let result = ONE_Q32;
  let factor = base;
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if (rest & 1) result = (result * factor) >> 32n;
    if (rest > 1) factor = (factor * factor) >> 32n;
  }
  return result;
}

function clamp(price: bigint, { min, max }: Continuous): bigint {
  const raised = price < min ? min : price;
  return raised > max ? max : raised;
}
