import type { RuntimeImage } from '../runtime-image.ts';

/** ps of reference time of a call whose handler says nothing. */
export const DEFAULT_WEIGHT = 500_000_000n;

/** 0.0005 rao per ps, rounded to the nearest (pallet transaction-fee's LinearWeightToFee). */
export function weightFee(weight: bigint): bigint {
  return (weight + 1_000n) / 2_000n;
}

/** ps that every extrinsic costs before its call, `System.BlockWeights` of the metadata. */
function baseWeight(image: RuntimeImage): bigint {
  const weights = image.constant('System', 'BlockWeights') as
    | { per_class: { normal: { base_extrinsic: { ref_time: bigint } } } }
    | undefined;
  return weights?.per_class.normal.base_extrinsic.ref_time ?? 108_157_000n;
}

export interface Fee {
  readonly base: bigint;
  readonly length: bigint;
  readonly weight: bigint;
  readonly tip: bigint;
  readonly total: bigint;
}

/** pallet-transaction-payment with a multiplier of one: base, one rao per byte, weight, tip. Free calls pay the tip only. */
export function feeOf(
  image: RuntimeImage,
  length: number,
  weight: bigint,
  paysFee: boolean,
  tip: bigint,
): Fee {
  if (!paysFee) return { base: 0n, length: 0n, weight: 0n, tip, total: tip };
  const parts = { base: weightFee(baseWeight(image)), length: BigInt(length), weight: weightFee(weight) };
  return { ...parts, tip, total: parts.base + parts.length + parts.weight + tip };
}
