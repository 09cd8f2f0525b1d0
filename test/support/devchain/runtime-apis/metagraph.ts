import type { Plain } from '../model.ts';
import {
  type Commitment,
  isActive,
  type Subnet,
  type World,
  weightedStakes,
  ZERO_KEY,
} from '../world/index.ts';
import { hyperparams } from './hyperparams.ts';
import { NO_AXON } from './neurons.ts';

/** The metagraph's fields in the order of their numbers in a selective read (metagraph.rs, SelectiveMetagraphIndex). */
const FIELDS = [
  'netuid',
  'name',
  'symbol',
  'identity',
  'network_registered_at',
  'owner_hotkey',
  'owner_coldkey',
  'block',
  'tempo',
  'last_step',
  'blocks_since_last_step',
  'subnet_emission',
  'alpha_in',
  'alpha_out',
  'tao_in',
  'alpha_out_emission',
  'alpha_in_emission',
  'tao_in_emission',
  'pending_alpha_emission',
  'pending_root_emission',
  'subnet_volume',
  'moving_price',
  'rho',
  'kappa',
  'min_allowed_weights',
  'max_weights_limit',
  'weights_version',
  'weights_rate_limit',
  'activity_cutoff',
  'max_validators',
  'num_uids',
  'max_uids',
  'burn',
  'difficulty',
  'registration_allowed',
  'pow_registration_allowed',
  'immunity_period',
  'min_difficulty',
  'max_difficulty',
  'min_burn',
  'max_burn',
  'adjustment_alpha',
  'adjustment_interval',
  'target_regs_per_interval',
  'max_regs_per_block',
  'serving_rate_limit',
  'commit_reveal_weights_enabled',
  'commit_reveal_period',
  'liquid_alpha_enabled',
  'alpha_high',
  'alpha_low',
  'bonds_moving_avg',
  'hotkeys',
  'coldkeys',
  'identities',
  'axons',
  'active',
  'validator_permit',
  'pruning_score',
  'last_update',
  'emission',
  'dividends',
  'incentives',
  'consensus',
  'trust',
  'rank',
  'block_at_registration',
  'alpha_stake',
  'tao_stake',
  'total_stake',
  'tao_dividends_per_hotkey',
  'alpha_dividends_per_hotkey',
  'validators',
  'commitments',
] as const;

type Field = (typeof FIELDS)[number];
type Fields = { [name in Field]?: Plain };

export function metagraph(world: Readonly<World>, subnet: Subnet): Plain {
  return fields(world, subnet);
}

/** The named fields alone; the netuid is always there. Numbers that nobody knows are skipped, as the runtime does. */
export function selectiveMetagraph(world: Readonly<World>, subnet: Subnet, wanted: readonly number[]): Plain {
  const every: Fields = { ...fields(world, subnet), ...selectiveOnly(subnet) };
  const chosen: Fields = { netuid: subnet.netuid };
  for (const index of wanted) {
    const name = FIELDS[index];
    if (name !== undefined) chosen[name] = every[name];
  }
  return chosen;
}

function selectiveOnly(subnet: Subnet): Fields {
  return {
    validators: subnet.neurons.flatMap(({ validatorPermit }, uid) => (validatorPermit ? [uid] : [])),
    commitments: [...subnet.commitments].map(([hotkey, commitment]) => [hotkey, recordBytes(commitment)]),
  };
}

/**
 * A commitment as this one read gives it: the stored record's own bytes (deposit, block, fields), for raw fields of up to 128
 * bytes; others are left out.
 */
function recordBytes({ block, info }: Commitment): Uint8Array {
  const raw = (info as { fields: Plain[] }).fields.flatMap((field) => {
    const [name, value] = typeof field === 'object' && field !== null ? (Object.entries(field)[0] ?? []) : [];
    const length = name?.startsWith('Raw') === true ? Number(name.slice(3)) : undefined;
    return length === undefined || typeof value !== 'string'
      ? []
      : [{ length, bytes: Buffer.from(value.slice(2), 'hex') }];
  });
  const head = Buffer.alloc(13);
  head.writeUInt32LE(block, 8);
  head.writeUInt8(raw.length << 2, 12);
  return Buffer.concat([head, ...raw.flatMap(({ length, bytes }) => [Buffer.from([length + 1]), bytes])]);
}

function fields(world: Readonly<World>, subnet: Subnet): Fields {
  const { neurons, params } = subnet;
  const stakes = weightedStakes(world, subnet);
  const { rho, kappa, max_validators, ...rest } = hyperparams(subnet);
  return {
    netuid: subnet.netuid,
    name: subnet.name,
    symbol: subnet.symbol,
    identity: subnet.identity && { ...subnet.identity },
    network_registered_at: subnet.registeredAt,
    owner_hotkey: subnet.ownerHotkey,
    owner_coldkey: subnet.owner,
    block: world.blockNumber,
    last_step: subnet.lastEpochBlock,
    blocks_since_last_step: world.blockNumber - subnet.lastEpochBlock,
    subnet_emission: 0n,
    alpha_in: subnet.alphaIn,
    alpha_out: subnet.alphaOut,
    tao_in: subnet.taoIn,
    alpha_out_emission: params.subnetEmissionEnabled ? 1_000_000_000n : 0n,
    alpha_in_emission: 0n,
    tao_in_emission: 0n,
    pending_alpha_emission: subnet.pendingServer + subnet.pendingValidator,
    pending_root_emission: 0n,
    subnet_volume: subnet.volume,
    moving_price: { bits: subnet.movingPrice },
    rho,
    kappa,
    max_validators,
    num_uids: neurons.length,
    max_uids: params.maxAllowedUids,
    burn: subnet.burn,
    pow_registration_allowed: params.networkPowRegistrationAllowed,
    tempo: rest.tempo,
    min_allowed_weights: rest.min_allowed_weights,
    max_weights_limit: rest.max_weights_limit,
    weights_version: rest.weights_version,
    weights_rate_limit: rest.weights_rate_limit,
    activity_cutoff: rest.activity_cutoff,
    difficulty: rest.difficulty,
    registration_allowed: rest.registration_allowed,
    immunity_period: rest.immunity_period,
    min_difficulty: rest.min_difficulty,
    max_difficulty: rest.max_difficulty,
    min_burn: rest.min_burn,
    max_burn: rest.max_burn,
    adjustment_alpha: rest.adjustment_alpha,
    adjustment_interval: rest.adjustment_interval,
    target_regs_per_interval: rest.target_regs_per_interval,
    max_regs_per_block: rest.max_regs_per_block,
    serving_rate_limit: rest.serving_rate_limit,
    commit_reveal_weights_enabled: rest.commit_reveal_weights_enabled,
    commit_reveal_period: rest.commit_reveal_period,
    liquid_alpha_enabled: rest.liquid_alpha_enabled,
    alpha_high: rest.alpha_high,
    alpha_low: rest.alpha_low,
    bonds_moving_avg: rest.bonds_moving_avg,
    ...columns(world, subnet),
    alpha_stake: stakes.map(({ alpha }) => alpha),
    tao_stake: stakes.map(({ tao }) => tao),
    total_stake: stakes.map(({ total }) => total),
  };
}

function columns(world: Readonly<World>, subnet: Subnet): Fields {
  const { neurons } = subnet;
  const coldkeys = neurons.map(({ hotkey }) => world.owners.get(hotkey) ?? ZERO_KEY);
  return {
    hotkeys: neurons.map(({ hotkey }) => hotkey),
    coldkeys,
    identities: coldkeys.map((coldkey) => {
      const identity = world.identities.get(coldkey);
      return identity && { github_repo: '', image: '', discord: '', additional: '', ...identity };
    }),
    axons: neurons.map(({ hotkey }) => subnet.axons.get(hotkey) ?? NO_AXON),
    active: neurons.map((neuron) => isActive(subnet, neuron, world.blockNumber)),
    validator_permit: neurons.map(({ validatorPermit }) => validatorPermit),
    // Dead on the chain: empty lists.
    pruning_score: [],
    trust: [],
    rank: [],
    last_update: neurons.map(({ lastUpdate }) => lastUpdate),
    emission: neurons.map(({ emission }) => emission),
    dividends: neurons.map(({ dividends }) => dividends),
    incentives: neurons.map(({ incentive }) => incentive),
    consensus: neurons.map(({ consensus }) => consensus),
    block_at_registration: neurons.map(({ registeredAt }) => registeredAt),
    tao_dividends_per_hotkey: [],
    alpha_dividends_per_hotkey: neurons.flatMap(({ hotkey, dividends, emission }) =>
      dividends > 0 ? [[hotkey, emission]] : [],
    ),
  };
}

/** `get_subnet_state`: the columns with the stakes, without parameters and without axons. */
export function subnetState(world: Readonly<World>, subnet: Subnet): Plain {
  const all = fields(world, subnet);
  return {
    netuid: all.netuid,
    hotkeys: all.hotkeys,
    coldkeys: all.coldkeys,
    active: all.active,
    validator_permit: all.validator_permit,
    pruning_score: all.pruning_score,
    last_update: all.last_update,
    emission: all.emission,
    dividends: all.dividends,
    incentives: all.incentives,
    consensus: all.consensus,
    trust: all.trust,
    rank: all.rank,
    block_at_registration: all.block_at_registration,
    alpha_stake: all.alpha_stake,
    tao_stake: all.tao_stake,
    total_stake: all.total_stake,
    emission_history: [],
  };
}
