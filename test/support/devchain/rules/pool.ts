import { moduleError } from '../model.ts';
import type { Subnet } from '../world/index.ts';

const RAO = 1_000_000_000n;
const MINIMUM_RESERVE = 1_000_000n;
const MAX_INPUT = 1_000n;

export interface Swapped {
  /** Input that reached the pool. */
  readonly paidIn: bigint;
  readonly paidOut: bigint;
  /** In the unit of the input. */
  readonly fee: bigint;
}

/** Rao per alpha. The root network has no pool: 1 for 1. */
export function alphaPrice(subnet: Pick<Subnet, 'netuid' | 'taoIn' | 'alphaIn'>): bigint {
  if (subnet.netuid === 0) return RAO;
  return subnet.alphaIn === 0n ? 0n : (subnet.taoIn * RAO) / subnet.alphaIn;
}

/** The pool's fee on an input: parts of 65535, truncated as U64F64. */
function poolFee(subnet: Subnet, amount: bigint): bigint {
  const rate = (BigInt(subnet.params.feeRate) << 64n) / 65_535n;
  return (amount * rate) >> 64n;
}

/** What a purchase with `tao` would bring; changes nothing. @throws DispatchFailure where the pool refuses */
export function quoteBuy(subnet: Subnet, tao: bigint): Swapped {
  if (subnet.netuid === 0) return { paidIn: tao, paidOut: tao, fee: 0n };
  checkReserve(subnet.alphaIn, subnet.taoIn, tao);
  const fee = poolFee(subnet, tao);
  const paidIn = tao - fee;
  return { paidIn, fee, paidOut: (subnet.alphaIn * paidIn) / (subnet.taoIn + paidIn) };
}

/** What a sale of `alpha` would bring; changes nothing. @throws DispatchFailure where the pool refuses */
export function quoteSell(subnet: Subnet, alpha: bigint): Swapped {
  if (subnet.netuid === 0) return { paidIn: alpha, paidOut: alpha, fee: 0n };
  checkReserve(subnet.taoIn, subnet.alphaIn, alpha);
  const fee = poolFee(subnet, alpha);
  const paidIn = alpha - fee;
  return { paidIn, fee, paidOut: (subnet.taoIn * paidIn) / (subnet.alphaIn + paidIn) };
}

/** TAO for alpha. The fee leaves the pool's books: on the chain it is the block author's. */
export function buyAlpha(subnet: Subnet, tao: bigint): Swapped {
  const swapped = quoteBuy(subnet, tao);
  if (subnet.netuid !== 0) {
    subnet.taoIn += swapped.paidIn;
    subnet.alphaIn -= swapped.paidOut;
    subnet.volume += swapped.paidIn;
  }
  subnet.alphaOut += swapped.paidOut;
  return swapped;
}

/** Alpha for TAO. */
export function sellAlpha(subnet: Subnet, alpha: bigint): Swapped {
  const swapped = quoteSell(subnet, alpha);
  if (subnet.netuid !== 0) {
    subnet.alphaIn += swapped.paidIn;
    subnet.taoIn -= swapped.paidOut;
    subnet.volume += swapped.paidOut;
  }
  subnet.alphaOut -= alpha < subnet.alphaOut ? alpha : subnet.alphaOut;
  return swapped;
}

/** Most TAO that may be spent before the price passes `limit`; 0 where it is past already. */
export function mostToBuy(subnet: Subnet, limit: bigint): bigint {
  if (subnet.netuid === 0) return limit >= RAO ? MAX_U64 : 0n;
  return largest(subnet.taoIn * MAX_INPUT, (tao) => {
    const { paidIn, paidOut } = quoteBuy(subnet, tao);
    return alphaPrice(after(subnet, paidIn, -paidOut)) <= limit;
  });
}

/** Most alpha that may be sold before the price sinks below `limit`. */
export function mostToSell(subnet: Subnet, limit: bigint): bigint {
  if (subnet.netuid === 0) return limit <= RAO ? MAX_U64 : 0n;
  return largest(subnet.alphaIn * MAX_INPUT, (alpha) => {
    const { paidIn, paidOut } = quoteSell(subnet, alpha);
    return alphaPrice(after(subnet, -paidOut, paidIn)) >= limit;
  });
}

const MAX_U64 = 0xffff_ffff_ffff_ffffn;

function after({ netuid, taoIn, alphaIn }: Subnet, tao: bigint, alpha: bigint) {
  return { netuid, taoIn: taoIn + tao, alphaIn: alphaIn + alpha };
}

/** The largest amount up to `most` that is fine, by bisection; `fine` is monotone. */
function largest(most: bigint, fine: (amount: bigint) => boolean): bigint {
  if (!fine(0n)) return 0n;
  let low = 0n;
  let high = most + 1n;
  while (low + 1n < high) {
    const middle = (low + high) >> 1n;
    if (fine(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function checkReserve(out: bigint, inside: bigint, amount: bigint): void {
  if (out < MINIMUM_RESERVE) throw moduleError('Swap', 'ReservesTooLow');
  if (amount > inside * MAX_INPUT) throw moduleError('SubtensorModule', 'InsufficientLiquidity');
}
