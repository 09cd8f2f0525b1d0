import type { Features, Hex, Plain, RuntimeApiTable } from '../model.ts';
import { networkCost } from '../rules/network.ts';
import { subnetToPrune } from '../rules/pruning.ts';
import { nextEpochBlock, type Subnet, subnetAccount, type World } from '../world/index.ts';
import { hyperparams, hyperparamsV2, hyperparamsV3 } from './hyperparams.ts';
import { metagraph, selectiveMetagraph, subnetState } from './metagraph.ts';

type Show = (world: Readonly<World>, subnet: Subnet, features: Features) => Plain;

/** One subnet by its number, None where there is none. */
function one(show: Show): RuntimeApiTable<World>[string] {
  return (world, [netuid], features) => {
    const subnet = world.subnets.get(Number(netuid));
    return subnet && show(world, subnet, features);
  };
}

/** All subnets, in their order. */
function all(show: Show): RuntimeApiTable<World>[string] {
  return (world, _args, features) =>
    [...world.subnets.values()]
      .sort((a, b) => a.netuid - b.netuid)
      .map((subnet) => show(world, subnet, features));
}

function info(world: Readonly<World>, subnet: Subnet) {
  const { rho, kappa, difficulty, immunity_period, min_allowed_weights, max_weights_limit, tempo } =
    hyperparams(subnet);
  return {
    netuid: subnet.netuid,
    rho,
    kappa,
    difficulty,
    immunity_period,
    max_allowed_validators: subnet.params.maxAllowedValidators,
    min_allowed_weights,
    max_weights_limit,
    scaling_law_power: 50,
    subnetwork_n: subnet.neurons.length,
    max_allowed_uids: subnet.params.maxAllowedUids,
    blocks_since_last_step: world.blockNumber - subnet.lastEpochBlock,
    tempo,
    network_modality: 0,
    network_connect: [],
    burn: subnet.burn,
    owner: subnet.owner,
  };
}

const infoV1: Show = (world, subnet) => ({ ...info(world, subnet), emission_values: 0n });
const infoV2: Show = (world, subnet) => ({
  ...info(world, subnet),
  emission_value: 0n,
  identity: subnet.identity && { ...subnet.identity },
});

const dynamicInfo: Show = (world, subnet) => ({
  netuid: subnet.netuid,
  owner_hotkey: subnet.ownerHotkey,
  owner_coldkey: subnet.owner,
  subnet_name: subnet.name,
  token_symbol: subnet.symbol,
  tempo: subnet.params.tempo,
  last_step: subnet.lastEpochBlock,
  blocks_since_last_step: world.blockNumber - subnet.lastEpochBlock,
  emission: 0n,
  alpha_in: subnet.alphaIn,
  alpha_out: subnet.alphaOut,
  tao_in: subnet.taoIn,
  alpha_out_emission: subnet.params.subnetEmissionEnabled ? 1_000_000_000n : 0n,
  alpha_in_emission: 0n,
  tao_in_emission: 0n,
  pending_alpha_emission: subnet.pendingServer + subnet.pendingValidator,
  pending_root_emission: 0n,
  subnet_volume: subnet.volume,
  network_registered_at: subnet.registeredAt,
  subnet_identity: subnet.identity && { ...subnet.identity },
  moving_price: { bits: subnet.movingPrice },
});

const indexes = (value: Plain): number[] => (Array.isArray(value) ? value.map(Number) : []);

export const subnetApis: RuntimeApiTable<World> = {
  'SubnetInfoRuntimeApi.get_subnet_info': one(infoV1),
  'SubnetInfoRuntimeApi.get_subnets_info': all(infoV1),
  'SubnetInfoRuntimeApi.get_subnet_info_v2': one(infoV2),
  'SubnetInfoRuntimeApi.get_subnets_info_v2': all(infoV2),
  'SubnetInfoRuntimeApi.get_subnet_hyperparams': one((_world, subnet) => hyperparams(subnet)),
  'SubnetInfoRuntimeApi.get_subnet_hyperparams_v2': one((_world, subnet) => hyperparamsV2(subnet)),
  'SubnetInfoRuntimeApi.get_subnet_hyperparams_v3': one((_world, subnet, features) =>
    hyperparamsV3(subnet, features),
  ),
  'SubnetInfoRuntimeApi.get_dynamic_info': one(dynamicInfo),
  'SubnetInfoRuntimeApi.get_all_dynamic_info': all(dynamicInfo),
  'SubnetInfoRuntimeApi.get_metagraph': one(metagraph),
  'SubnetInfoRuntimeApi.get_all_metagraphs': all(metagraph),
  'SubnetInfoRuntimeApi.get_mechagraph': one(metagraph),
  'SubnetInfoRuntimeApi.get_selective_metagraph': (world, [netuid, wanted]) => {
    const subnet = world.subnets.get(Number(netuid));
    return subnet && selectiveMetagraph(world, subnet, indexes(wanted));
  },
  'SubnetInfoRuntimeApi.get_selective_mechagraph': (world, [netuid, _mechanism, wanted]) => {
    const subnet = world.subnets.get(Number(netuid));
    return subnet && selectiveMetagraph(world, subnet, indexes(wanted));
  },
  'SubnetInfoRuntimeApi.get_subnet_state': one(subnetState),
  'SubnetInfoRuntimeApi.get_subnet_to_prune': (world) => subnetToPrune(world),
  'SubnetInfoRuntimeApi.get_subnet_account_id': one((_world, { netuid }) => subnetAccount(netuid)),
  'SubnetInfoRuntimeApi.get_next_epoch_start_block': one((_world, subnet) => nextEpochBlock(subnet)),
  'SubnetInfoRuntimeApi.get_coldkey_auto_stake_hotkey': (world, [coldkey, netuid]) =>
    world.autoStake.get(`${coldkey as Hex}/${netuid}`),
  'SubnetInfoRuntimeApi.get_block_emission': () => 1_000_000_000n,
  'SubnetRegistrationRuntimeApi.get_network_registration_cost': (world) => networkCost(world),
};
