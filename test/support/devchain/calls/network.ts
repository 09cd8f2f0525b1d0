import {
  type CallTable,
  type ChainEvent,
  type Hex,
  moduleError,
  type Plain,
  type PlainCall,
} from '../model.ts';
import { networkCost } from '../rules/network.ts';
import {
  addSubnet,
  keepAliveBalance,
  newNeuron,
  type SubnetParams,
  subnetAccount,
  TAO,
  transfer,
  type World,
} from '../world/index.ts';
import { type Context, failure, handler, signed, subnetOf, subtensorEvent } from './context.ts';
import { associate } from './registration.ts';

/** A hyperparameter and the name of the argument that sets it. */
const SETTERS: Readonly<Record<string, keyof SubnetParams>> = {
  serving_rate_limit: 'servingRateLimit',
  min_difficulty: 'minDifficulty',
  max_difficulty: 'maxDifficulty',
  weights_set_rate_limit: 'weightsSetRateLimit',
  immunity_period: 'immunityPeriod',
  min_allowed_weights: 'minAllowedWeights',
  max_allowed_uids: 'maxAllowedUids',
  network_registration_allowed: 'networkRegistrationAllowed',
  network_pow_registration_allowed: 'networkPowRegistrationAllowed',
  min_burn: 'minBurn',
  max_burn: 'maxBurn',
  max_allowed_validators: 'maxAllowedValidators',
  max_registrations_per_block: 'maxRegistrationsPerBlock',
  target_registrations_per_interval: 'targetRegistrationsPerInterval',
  tempo: 'tempo',
  commit_reveal_weights_enabled: 'commitRevealWeightsEnabled',
  subtoken_enabled: 'subtokenEnabled',
  owner_immune_neuron_limit: 'immuneOwnerUidsLimit',
  min_non_immune_uids: 'minNonImmuneUids',
  burn_half_life: 'burnHalfLife',
  burn_increase_mult: 'burnIncreaseMult',
  subnet_emission_enabled: 'subnetEmissionEnabled',
  collateral_lock_share: 'collateralLockShare',
  collateral_drain_ratio: 'collateralDrainRatio',
};

/** `AdminUtils.sudo_set_…(netuid, value)`: the subnet's owner's or root's. */
function setter(parameter: keyof SubnetParams) {
  return handler<{ netuid: number; [argument: string]: Plain }>({
    dispatch(world, context) {
      const { netuid, ...rest } = context.args;
      const subnet = subnetOf(world, netuid, context.features);
      if (context.signer !== undefined && context.signer !== subnet.owner)
        throw moduleError('SubtensorModule', 'NotSubnetOwner');
      const given = Object.values(rest)[0];
      const value = typeof given === 'object' && given !== null && 'bits' in given ? given.bits : given;
      Object.assign(subnet.params, { [parameter]: value });
      return [];
    },
    paysFee: false,
  });
}

const adminCalls: CallTable<World> = Object.fromEntries(
  Object.entries(SETTERS).map(([name, parameter]) => [`AdminUtils.sudo_set_${name}`, setter(parameter)]),
);

function registerNetwork(world: World, context: Context<{ hotkey: Hex }>): ChainEvent[] {
  const coldkey = signed(context);
  const { features, block } = context;
  const { hotkey } = context.args;
  const cost = networkCost(world);
  if (keepAliveBalance(world, coldkey) < cost)
    throw failure(features, 'CannotAffordLockCost', 'NotEnoughBalanceToStake');
  associate(world, hotkey, coldkey, features);
  let netuid = 1;
  while (world.subnets.has(netuid)) netuid += 1;
  const moved = transfer(world, coldkey, subnetAccount(netuid), cost, { keepAlive: true });
  const subnet = addSubnet(world, {
    netuid,
    name: 'unknown',
    symbol: 'α',
    owner: coldkey,
    ownerHotkey: hotkey,
    registeredAt: block,
    burn: TAO / 10n,
    params: { immunityPeriod: 5_000, subtokenEnabled: false },
    taoIn: cost,
    alphaIn: cost,
  });
  subnet.firstEmissionBlock = undefined;
  subnet.neurons.push(newNeuron(hotkey, block));
  world.networkLastLockCost = cost;
  world.networkLastLockBlock = block;
  return [...moved, subtensorEvent('NetworkAdded', [netuid, 0])];
}

export const networkCalls: CallTable<World> = {
  ...adminCalls,
  'SubtensorModule.register_network': handler<{ hotkey: Hex }>({ dispatch: registerNetwork }),
  'SubtensorModule.start_call': handler<{ netuid: number }>({
    dispatch(world, context) {
      const coldkey = signed(context);
      const subnet = subnetOf(world, context.args.netuid, context.features);
      if (subnet.owner !== coldkey) throw failure(context.features, 'NotSubnetOwner');
      if (subnet.firstEmissionBlock !== undefined)
        throw failure(context.features, 'FirstEmissionBlockNumberAlreadySet');
      subnet.firstEmissionBlock = context.block + 1;
      subnet.params.subtokenEnabled = true;
      return [subtensorEvent('FirstEmissionBlockNumberSet', [subnet.netuid, subnet.firstEmissionBlock])];
    },
  }),
  'Sudo.sudo': handler<{ call: PlainCall }>({
    dispatch(world, context) {
      if (signed(context) !== world.sudoKey) throw moduleError('Sudo', 'RequireSudo');
      const inner = context.dispatch(world, undefined, context.args.call);
      const result: Plain = inner.error === undefined ? { Ok: [] } : { Err: { ...inner.error.error } };
      return [...inner.events, { pallet: 'Sudo', name: 'Sudid', data: { sudo_result: result } }];
    },
    paysFee: false,
  }),
};
