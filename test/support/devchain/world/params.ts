/**
 * Hyperparameters of a subnet, named as their storage items. Amounts in rao, times in blocks; shares are parts of 65535.
 * Plain data: a test may set any of them on a running chain.
 */
export interface SubnetParams {
  tempo: number;
  maxAllowedUids: number;
  minNonImmuneUids: number;
  immuneOwnerUidsLimit: number;
  immunityPeriod: number;
  maxAllowedValidators: number;
  networkRegistrationAllowed: boolean;
  networkPowRegistrationAllowed: boolean;
  maxRegistrationsPerBlock: number;
  targetRegistrationsPerInterval: number;
  adjustmentInterval: number;
  minBurn: bigint;
  maxBurn: bigint;
  burnHalfLife: number;
  /** U64F64 bits. */
  burnIncreaseMult: bigint;
  minDifficulty: bigint;
  maxDifficulty: bigint;
  servingRateLimit: bigint;
  weightsSetRateLimit: bigint;
  weightsVersionKey: bigint;
  minAllowedWeights: number;
  activityCutoffFactorMilli: number;
  kappa: number;
  rho: number;
  commitRevealWeightsEnabled: boolean;
  revealPeriodEpochs: bigint;
  transferToggle: boolean;
  subtokenEnabled: boolean;
  subnetEmissionEnabled: boolean;
  ownerCutEnabled: boolean;
  /** Parts of 65535 of the price that are locked as collateral; 0 is none. */
  collateralLockShare: number;
  /** U64F64 bits: alpha released per alpha earned. */
  collateralDrainRatio: bigint;
  /** Fee of the pool, parts of 65535. */
  feeRate: number;
}

/** 2^64 is 1. */
export const U64F64_ONE = 1n << 64n;

/** The runtime's defaults (metadata of spec 424) with subnet 72's tempo, immunity and rate limits. */
export function defaultParams(): SubnetParams {
  return {
    tempo: 360,
    maxAllowedUids: 256,
    minNonImmuneUids: 10,
    immuneOwnerUidsLimit: 1,
    immunityPeriod: 21_600,
    maxAllowedValidators: 64,
    networkRegistrationAllowed: true,
    networkPowRegistrationAllowed: false,
    maxRegistrationsPerBlock: 1,
    targetRegistrationsPerInterval: 1,
    adjustmentInterval: 360,
    minBurn: 500_000n,
    maxBurn: 100_000_000_000n,
    burnHalfLife: 360,
    // 1.26 as the metadata has it, from a double.
    burnIncreaseMult: 0x1_428f_5c28_f5c2_9000n,
    minDifficulty: 10_000_000n,
    maxDifficulty: 4_611_686_018_427_387_903n,
    servingRateLimit: 50n,
    weightsSetRateLimit: 100n,
    weightsVersionKey: 0n,
    minAllowedWeights: 1,
    activityCutoffFactorMilli: 13_889,
    kappa: 32_767,
    rho: 10,
    commitRevealWeightsEnabled: false,
    revealPeriodEpochs: 1n,
    transferToggle: true,
    subtokenEnabled: true,
    subnetEmissionEnabled: true,
    ownerCutEnabled: true,
    collateralLockShare: 0,
    collateralDrainRatio: U64F64_ONE,
    feeRate: 33,
  };
}
