import { type ChainEvent, type Hex, moduleError } from '../model.ts';
import { addStake, lockedOf, positionKey, type Subnet, type World } from '../world/index.ts';
import { alphaPrice } from './pool.ts';

export interface Charge {
  /** Destroyed. */
  readonly burned: bigint;
  /** Buys alpha that is locked. */
  readonly topUp: bigint;
}

/**
 * How a price is split (subnets/collateral.rs): U64F64 arithmetic, each step truncated, the share first; what the same
 * position has locked already counts at the moving price.
 */
export function chargeOf(subnet: Subnet, hotkey: Hex, coldkey: Hex, price: bigint): Charge {
  const share = (BigInt(subnet.params.collateralLockShare) << 64n) / 65_535n;
  const requirement = (price * share) >> 64n;
  const standing = (lockedOf(subnet, hotkey, coldkey) * subnet.movingPrice) >> 32n;
  return { burned: price - requirement, topUp: requirement > standing ? requirement - standing : 0n };
}

/** Worst price at which a registration's alpha may be bought: 5 % above the present one. Rao per alpha. */
export function purchaseLimit(subnet: Subnet): bigint {
  const limit = (alphaPrice(subnet) * 105n) / 100n;
  if (limit === 0n) throw moduleError('SubtensorModule', 'InsufficientLiquidity');
  return limit;
}

/** Splits bought alpha between the burn and the lock by what was paid for each. */
export function lockedPart(alpha: bigint, { burned, topUp }: Charge): bigint {
  if (topUp === 0n) return 0n;
  return burned === 0n ? alpha : (alpha * topUp) / (burned + topUp);
}

/** Locks alpha that is staked on the position; a registration also takes over the subnet's present drain ratio. */
export function lock(
  subnet: Subnet,
  hotkey: Hex,
  coldkey: Hex,
  alpha: bigint,
  { resnapshot }: { resnapshot: boolean },
): bigint {
  const key = positionKey(hotkey, coldkey);
  const state = subnet.collateral.get(key);
  const ratio = subnet.params.collateralDrainRatio;
  if (state === undefined) {
    if (alpha > 0n)
      subnet.collateral.set(key, {
        hotkey,
        coldkey,
        locked: alpha,
        minLocked: 0n,
        earned: 0n,
        drainRatio: ratio,
      });
    return alpha;
  }
  state.locked += alpha;
  if (resnapshot) state.drainRatio = ratio;
  return state.locked;
}

/**
 * What an epoch's earnings do to collateral: above the floor the lock drains by ratio · earnings, below it the earnings
 * are locked instead. Returns how much of `emission` was captured (and staked) here.
 */
export function settle(world: World, subnet: Subnet, hotkey: Hex, coldkey: Hex, emission: bigint): bigint {
  const key = positionKey(hotkey, coldkey);
  const state = subnet.collateral.get(key);
  if (state === undefined || emission === 0n) return 0n;
  state.earned += emission;
  const shortfall = state.minLocked - state.locked;
  if (shortfall > 0n) {
    const captured = emission < shortfall ? emission : shortfall;
    addStake(world, hotkey, coldkey, subnet.netuid, captured);
    state.locked += captured;
    return captured;
  }
  const release = (emission * state.drainRatio) >> 64n;
  const releasable = state.locked - state.minLocked;
  state.locked -= release < releasable ? release : releasable;
  if (state.locked === 0n && state.minLocked === 0n) subnet.collateral.delete(key);
  return 0n;
}

export function lockedEvent(netuid: number, hotkey: Hex, locked: bigint, total: bigint): ChainEvent {
  return {
    pallet: 'SubtensorModule',
    name: 'CollateralLocked',
    data: { netuid, hotkey, locked, total_locked: total },
  };
}
