import type { Plain, RuntimeApiTable } from '../model.ts';
import {
  isActive,
  type Subnet,
  type Weighted,
  type World,
  weightedStakes,
  ZERO_KEY,
} from '../world/index.ts';

export const NO_AXON = {
  block: 0,
  version: 0,
  ip: 0n,
  port: 0,
  ip_type: 0,
  protocol: 0,
  placeholder1: 0,
  placeholder2: 0,
};
const NO_PROMETHEUS = { block: 0, version: 0, ip: 0n, port: 0, ip_type: 0 };

/** Rank, trust and pruning score are dead on the chain: 0, 0 and the maximum. */
function lite(world: Readonly<World>, subnet: Subnet, uid: number, stakes: readonly Weighted[]) {
  const neuron = subnet.neurons[uid];
  if (neuron === undefined) return undefined;
  const coldkey = world.owners.get(neuron.hotkey) ?? ZERO_KEY;
  return {
    hotkey: neuron.hotkey,
    coldkey,
    uid,
    netuid: subnet.netuid,
    active: isActive(subnet, neuron, world.blockNumber),
    axon_info: subnet.axons.get(neuron.hotkey) ?? NO_AXON,
    prometheus_info: subnet.prometheus.get(neuron.hotkey) ?? NO_PROMETHEUS,
    stake: [[coldkey, stakes[uid]?.alpha ?? 0n]],
    rank: 0,
    emission: neuron.emission,
    incentive: neuron.incentive,
    consensus: neuron.consensus,
    trust: 0,
    validator_trust: neuron.validatorTrust,
    dividends: neuron.dividends,
    last_update: neuron.lastUpdate,
    validator_permit: neuron.validatorPermit,
    pruning_score: 65_535,
  };
}

function full(world: Readonly<World>, subnet: Subnet, uid: number, stakes: readonly Weighted[]): Plain {
  const shown = lite(world, subnet, uid, stakes);
  return shown && { ...shown, weights: subnet.neurons[uid]?.weights ?? [], bonds: [] };
}

function all(show: typeof lite | typeof full) {
  return (world: Readonly<World>, [netuid]: readonly Plain[]): Plain => {
    const subnet = world.subnets.get(Number(netuid));
    if (subnet === undefined) return [];
    const stakes = weightedStakes(world, subnet);
    return subnet.neurons.map((_neuron, uid) => show(world, subnet, uid, stakes));
  };
}

function one(show: typeof lite | typeof full) {
  return (world: Readonly<World>, [netuid, uid]: readonly Plain[]): Plain => {
    const subnet = world.subnets.get(Number(netuid));
    return subnet && show(world, subnet, Number(uid), weightedStakes(world, subnet));
  };
}

export const neuronApis: RuntimeApiTable<World> = {
  'NeuronInfoRuntimeApi.get_neurons': all(full),
  'NeuronInfoRuntimeApi.get_neuron': one(full),
  'NeuronInfoRuntimeApi.get_neurons_lite': all(lite),
  'NeuronInfoRuntimeApi.get_neuron_lite': one(lite),
};
