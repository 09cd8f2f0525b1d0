import { alpha, rao } from '../../amount/index.ts';
import { asBigInt, asNumber, fieldOf } from '../plain.ts';
import type { CollateralTerms, PriceRule, PriceSample } from '../rules/index.ts';
import type { Chain, Reads } from '../types.ts';

const PALLET = 'SubtensorModule';
/** 1 as U64F64. */
const ONE = 1n << 64n;
/** 1 as I96F32. */
const ONE_I96F32 = 1n << 32n;

/** The registration price now (storage Burn), in rao. */
export async function readPrice(reads: Reads, netuid: number) {
  return rao(asBigInt(await reads.storage(PALLET, 'Burn', netuid), 'Burn'));
}

/** How the price of this subnet moves on this runtime. */
export async function readPriceRule(reads: Reads, netuid: number): Promise<PriceRule> {
  const [min, max] = await Promise.all(
    ['MinBurn', 'MaxBurn'].map(async (item) =>
      rao(asBigInt(await reads.storage(PALLET, item, netuid), item)),
    ),
  );
  const bounds = { min: min ?? rao(0n), max: max ?? rao((1n << 64n) - 1n) };
  if (!reads.has.storage(PALLET, 'BurnHalfLife')) {
    const interval = reads.has.storage(PALLET, 'AdjustmentInterval')
      ? asNumber(await reads.storage(PALLET, 'AdjustmentInterval', netuid), 'AdjustmentInterval')
      : 0;
    return { kind: 'interval', intervalBlocks: interval, ...bounds };
  }
  const [halfLife, increase] = await Promise.all([
    reads.storage(PALLET, 'BurnHalfLife', netuid),
    reads.has.storage(PALLET, 'BurnIncreaseMult')
      ? reads.storage(PALLET, 'BurnIncreaseMult', netuid)
      : { bits: ONE },
  ]);
  return {
    kind: 'continuous',
    halfLife: asNumber(halfLife, 'BurnHalfLife'),
    increaseBits: asBigInt(fieldOf(increase, 'bits', 'BurnIncreaseMult'), 'BurnIncreaseMult'),
    ...bounds,
  };
}

/**
 * Prices at some blocks before the newest, newest first; those that the endpoint has forgotten are left out.
 * @param ages blocks before the newest one
 */
export async function readPriceHistory(
  chain: Chain,
  netuid: number,
  ages: readonly number[] = [0, 10, 25, 50, 100, 200],
): Promise<PriceSample[]> {
  const head = await chain.head();
  const samples = await Promise.all(
    ages.map(async (age): Promise<PriceSample | undefined> => {
      const block = head.number - age;
      if (block < 1) return undefined;
      try {
        const hash = age === 0 ? head.hash : await chain.blockHash(block);
        return hash && { block, price: await readPrice(await chain.at(hash), netuid) };
      } catch {
        // Most nodes keep the state of the last 256 blocks only.
        return undefined;
      }
    }),
  );
  return samples.filter((sample) => sample !== undefined);
}

/** Whether this runtime knows collateral at all, and with it the rule that a charge must leave the existential deposit. */
export function hasCollateral(reads: Reads): boolean {
  return reads.has.storage(PALLET, 'CollateralLockShare');
}

/** How a registration of this hotkey by this coldkey would be split into burn and collateral. */
export async function readCollateralTerms(
  reads: Reads,
  netuid: number,
  hotkey: string,
  coldkey: string,
): Promise<CollateralTerms> {
  const none = { lockShare: 0, standing: alpha(0n), movingPriceBits: 0n };
  if (!hasCollateral(reads)) return none;
  const lockShare = asNumber(
    await reads.storage(PALLET, 'CollateralLockShare', netuid),
    'CollateralLockShare',
  );
  if (lockShare === 0) return none;
  const [collateral, movingPriceBits] = await Promise.all([
    readCollateral(reads, netuid, hotkey, coldkey),
    readMovingPriceBits(reads, netuid),
  ]);
  return { lockShare, standing: collateral?.locked ?? alpha(0n), movingPriceBits };
}

/** Collateral of one (hotkey, coldkey) on a subnet. */
export interface Collateral {
  readonly locked: ReturnType<typeof alpha>;
  readonly minLocked: ReturnType<typeof alpha>;
  readonly earned: ReturnType<typeof alpha>;
  /** Alpha released for each alpha earned, U64F64. */
  readonly drainRatioBits: bigint;
}

/** What is locked as collateral; undefined when nothing is, or this runtime has no collateral. */
export async function readCollateral(
  reads: Reads,
  netuid: number,
  hotkey: string,
  coldkey: string,
): Promise<Collateral | undefined> {
  if (!reads.has.storage(PALLET, 'MinerCollateral')) return undefined;
  const value = await reads.storage(PALLET, 'MinerCollateral', netuid, hotkey, coldkey);
  if (value === undefined) return undefined;
  const amount = (name: string) =>
    alpha(asBigInt(fieldOf(value, name, 'collateral') ?? 0n, `collateral.${name}`));
  const ratio = fieldOf(value, 'drain_ratio', 'collateral');
  return {
    locked: amount('locked'),
    minLocked: amount('min_locked'),
    earned: amount('earned'),
    drainRatioBits:
      ratio === undefined ? ONE : asBigInt(fieldOf(ratio, 'bits', 'drain ratio'), 'drain ratio'),
  };
}

/** The subnet's moving price (TAO per alpha) in I96F32; 1 on subnets without a market (subtensor: get_moving_alpha_price). */
export async function readMovingPriceBits(reads: Reads, netuid: number): Promise<bigint> {
  if (netuid === 0) return ONE_I96F32;
  const [mechanism, price] = await Promise.all([
    reads.has.storage(PALLET, 'SubnetMechanism') ? reads.storage(PALLET, 'SubnetMechanism', netuid) : 1,
    reads.has.storage(PALLET, 'SubnetMovingPrice')
      ? reads.storage(PALLET, 'SubnetMovingPrice', netuid)
      : { bits: ONE_I96F32 },
  ]);
  if (asNumber(mechanism, 'SubnetMechanism') === 0) return ONE_I96F32;
  return asBigInt(fieldOf(price, 'bits', 'SubnetMovingPrice'), 'SubnetMovingPrice');
}
