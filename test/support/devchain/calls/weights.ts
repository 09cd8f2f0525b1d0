import type { CallTable } from '../model.ts';
import { uidOf, type World } from '../world/index.ts';
import { failure, handler, signed, subnetOf, subtensorEvent } from './context.ts';

type Vote = { netuid: number; dests: readonly number[]; weights: readonly number[]; version_key: bigint };

export const weightCalls: CallTable<World> = {
  /** A validator's weights, in the open; committing and revealing is not modelled. */
  'SubtensorModule.set_weights': handler<Vote>({
    dispatch(world, context) {
      const { args, features, block } = context;
      const hotkey = signed(context);
      const subnet = subnetOf(world, args.netuid, features);
      if (subnet.params.commitRevealWeightsEnabled) throw failure(features, 'CommitRevealEnabled');
      if (args.dests.length !== args.weights.length) throw failure(features, 'WeightVecNotEqualSize');
      const uid = uidOf(subnet, hotkey);
      const neuron = uid === undefined ? undefined : subnet.neurons[uid];
      if (uid === undefined || neuron === undefined) throw failure(features, 'HotKeyNotRegisteredInSubNet');
      const self = args.dests.length === 1 && args.dests[0] === uid;
      if (!neuron.validatorPermit && !self) throw failure(features, 'NeuronNoValidatorPermit');
      if (args.version_key < subnet.params.weightsVersionKey)
        throw failure(features, 'IncorrectWeightVersionKey');
      if (neuron.weights.length > 0 && BigInt(block - neuron.lastUpdate) < subnet.params.weightsSetRateLimit)
        throw failure(features, 'SettingWeightsTooFast');
      if (new Set(args.dests).size !== args.dests.length) throw failure(features, 'DuplicateUids');
      if (args.dests.some((to) => to >= subnet.neurons.length))
        throw failure(features, 'UidVecContainInvalidOne');
      if (args.dests.length < subnet.params.minAllowedWeights && !self)
        throw failure(features, 'WeightVecLengthIsLow');
      neuron.weights = args.dests.map((to, index) => [to, args.weights[index] ?? 0]);
      neuron.lastUpdate = block;
      return [subtensorEvent('WeightsSet', [subnet.netuid, uid])];
    },
    paysFee: false,
  }),
};
