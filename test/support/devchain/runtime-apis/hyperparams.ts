import type { Features, Plain } from '../model.ts';
import { difficultyOf } from '../rules/price.ts';
import { activityCutoff, type Subnet } from '../world/index.ts';

/** Hyperparameters that three generations of the read, the subnet's info and the metagraph share, by their names there. */
export function hyperparams(subnet: Subnet) {
  const { params } = subnet;
  return {
    rho: params.rho,
    kappa: params.kappa,
    immunity_period: params.immunityPeriod,
    min_allowed_weights: params.minAllowedWeights,
    max_weights_limit: 65_535,
    tempo: params.tempo,
    min_difficulty: params.minDifficulty,
    max_difficulty: params.maxDifficulty,
    weights_version: params.weightsVersionKey,
    weights_rate_limit: params.weightsSetRateLimit,
    adjustment_interval: params.adjustmentInterval,
    activity_cutoff: activityCutoff(subnet),
    registration_allowed: params.networkRegistrationAllowed,
    target_regs_per_interval: params.targetRegistrationsPerInterval,
    min_burn: params.minBurn,
    max_burn: params.maxBurn,
    bonds_moving_avg: 900_000n,
    max_regs_per_block: params.maxRegistrationsPerBlock,
    serving_rate_limit: params.servingRateLimit,
    max_validators: params.maxAllowedValidators,
    adjustment_alpha: 0n,
    difficulty: difficultyOf(subnet),
    commit_reveal_period: params.revealPeriodEpochs,
    commit_reveal_weights_enabled: params.commitRevealWeightsEnabled,
    alpha_high: 58_982,
    alpha_low: 45_875,
    liquid_alpha_enabled: false,
  };
}

export function hyperparamsV2(subnet: Subnet) {
  return {
    ...hyperparams(subnet),
    alpha_sigmoid_steepness: { bits: 1000n << 32n },
    yuma_version: 2,
    subnet_is_active: subnet.params.subtokenEnabled,
    transfers_enabled: subnet.params.transferToggle,
    bonds_reset_enabled: false,
    user_liquidity_enabled: false,
  };
}

/** A list of names with tagged values, so that new parameters need no new read. */
export function hyperparamsV3(subnet: Subnet, features: Features): Plain {
  const { params } = subnet;
  const old = hyperparamsV2(subnet);
  const entries: [string, Plain][] = [
    ['kappa', { U16: old.kappa }],
    ['immunity_period', { U16: old.immunity_period }],
    ['min_allowed_weights', { U16: old.min_allowed_weights }],
    ['max_weights_limit', { U16: old.max_weights_limit }],
    ['tempo', { U16: old.tempo }],
    ['weights_version', { U64: old.weights_version }],
    ['weights_rate_limit', { U64: old.weights_rate_limit }],
    ['activity_cutoff', { U64: old.activity_cutoff }],
    ['activity_cutoff_factor', { U32: params.activityCutoffFactorMilli }],
    ['registration_allowed', { Bool: old.registration_allowed }],
    ['target_regs_per_interval', { U16: old.target_regs_per_interval }],
    ['min_burn', { TaoBalance: old.min_burn }],
    ['max_burn', { TaoBalance: old.max_burn }],
    ['burn_half_life', { U16: params.burnHalfLife }],
    ['burn_increase_mult', { U64F64: { bits: params.burnIncreaseMult } }],
    ['bonds_moving_avg', { U64: old.bonds_moving_avg }],
    ['max_regs_per_block', { U16: old.max_regs_per_block }],
    ['serving_rate_limit', { U64: old.serving_rate_limit }],
    ['max_validators', { U16: old.max_validators }],
    ['commit_reveal_period', { U64: old.commit_reveal_period }],
    ['commit_reveal_weights_enabled', { Bool: old.commit_reveal_weights_enabled }],
    ['alpha_high', { U16: old.alpha_high }],
    ['alpha_low', { U16: old.alpha_low }],
    ['liquid_alpha_enabled', { Bool: old.liquid_alpha_enabled }],
    ['alpha_sigmoid_steepness', { I32F32: old.alpha_sigmoid_steepness }],
    ['yuma_version', { U16: old.yuma_version }],
    ['subnet_is_active', { Bool: old.subnet_is_active }],
    ['transfers_enabled', { Bool: old.transfers_enabled }],
    ['bonds_reset_enabled', { Bool: old.bonds_reset_enabled }],
    ['user_liquidity_enabled', { Bool: old.user_liquidity_enabled }],
    ['owner_cut_enabled', { Bool: params.ownerCutEnabled }],
  ];
  if (features.storage('SubtensorModule', 'CollateralLockShare')) {
    entries.push(['network_pow_registration_allowed', { Bool: params.networkPowRegistrationAllowed }]);
    entries.push(['difficulty', { U64: old.difficulty }]);
    entries.push(['collateral_lock_share', { U16: params.collateralLockShare }]);
    entries.push(['collateral_drain_ratio', { U64F64: { bits: params.collateralDrainRatio } }]);
  }
  return entries.map(([name, value]) => ({ name, value }));
}
