import { rao } from '../../amount/index.ts';
import { asBigInt, asFixed, asRecord, asUtf8, asVariant, fieldOf } from '../plain.ts';
import type { Plain, Reads } from '../types.ts';

/** A setting of a subnet as the chain has it. `fixed` is a number with a fraction. */
export type Hyperparameter = { readonly name: string } & (
  | { readonly kind: 'switch'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'tao'; readonly value: ReturnType<typeof rao> }
  | { readonly kind: 'fixed'; readonly value: number }
);

const API = 'SubnetInfoRuntimeApi';
const PALLET = 'SubtensorModule';
const TAO = new Set(['min_burn', 'max_burn', 'burn']);

/** Settings that older runtime APIs leave out but miners need: name and storage item. */
const FROM_STORAGE: readonly (readonly [string, string])[] = [
  ['registration_allowed', 'NetworkRegistrationAllowed'],
  ['network_pow_registration_allowed', 'NetworkPowRegistrationAllowed'],
  ['difficulty', 'Difficulty'],
  ['min_burn', 'MinBurn'],
  ['max_burn', 'MaxBurn'],
  ['burn_half_life', 'BurnHalfLife'],
  ['burn_increase_mult', 'BurnIncreaseMult'],
  ['collateral_lock_share', 'CollateralLockShare'],
  ['collateral_drain_ratio', 'CollateralDrainRatio'],
  ['immunity_period', 'ImmunityPeriod'],
  ['min_non_immune_uids', 'MinNonImmuneUids'],
  ['immune_owner_uids_limit', 'ImmuneOwnerUidsLimit'],
  ['max_allowed_uids', 'MaxAllowedUids'],
  ['tempo', 'Tempo'],
  ['serving_rate_limit', 'ServingRateLimit'],
  ['max_validators', 'MaxAllowedValidators'],
];

/**
 * All settings of a subnet, by name: from the newest runtime API that this chain has, its gaps filled from storage.
 * New settings need no new version of sv72. @returns undefined when there is no such subnet
 */
export async function readHyperparameters(
  reads: Reads,
  netuid: number,
): Promise<readonly Hyperparameter[] | undefined> {
  const method = ['get_subnet_hyperparams_v3', 'get_subnet_hyperparams_v2', 'get_subnet_hyperparams'].find(
    (name) => reads.has.runtimeApi(API, name),
  );
  const answer = method === undefined ? [] : await reads.runtimeApi(API, method, [netuid]);
  if (answer === undefined) return undefined;
  const found = Array.isArray(answer)
    ? answer.map(entry)
    : Object.entries(asRecord(answer, 'hyperparams')).flatMap(bare);
  const known = new Set(found.map(({ name }) => name));
  const rest = await Promise.all(
    FROM_STORAGE.filter(([name, item]) => !known.has(name) && reads.has.storage(PALLET, item)).map(
      async ([name, item]) => bare([name, await reads.storage(PALLET, item, netuid)]),
    ),
  );
  return [...found, ...rest.flat()];
}

/** An entry of version 3: name and a value that says its own type. */
function entry(value: Plain): Hyperparameter {
  const name = asUtf8(fieldOf(value, 'name', 'hyperparameter'), 'hyperparameter name');
  const { type, value: inner } = asVariant(fieldOf(value, 'value', 'hyperparameter'), name);
  if (type === 'Bool') return { name, kind: 'switch', value: inner === true };
  if (type === 'TaoBalance') return { name, kind: 'tao', value: rao(asBigInt(inner, name)) };
  const fraction = /^[IU](\d+)F(\d+)$/.exec(type);
  if (fraction) return { name, kind: 'fixed', value: asFixed(inner, Number(fraction[2]), name) };
  return { name, kind: 'integer', value: asBigInt(inner, name) };
}

/** A field of the older structs, or a storage value. */
function bare([name, value]: readonly [string, Plain]): Hyperparameter[] {
  if (typeof value === 'boolean') return [{ name, kind: 'switch', value }];
  if (typeof value === 'number' || typeof value === 'bigint') {
    const count = asBigInt(value, name);
    return [
      TAO.has(name) ? { name, kind: 'tao', value: rao(count) } : { name, kind: 'integer', value: count },
    ];
  }
  if (value !== undefined && fieldOf(value, 'bits', name) !== undefined) {
    const fraction = name === 'alpha_sigmoid_steepness' ? 32 : 64;
    return [{ name, kind: 'fixed', value: asFixed(value, fraction, name) }];
  }
  return [];
}
