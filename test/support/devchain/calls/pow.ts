import type { CallTable, Hex } from '../model.ts';
import { meetsDifficulty, sealOf } from '../rules/pow.ts';
import { difficultyOf, raiseDifficulty } from '../rules/price.ts';
import { type Subnet, subnetAccount, uidOf, type World } from '../world/index.ts';
import { type Context, failure, handler, refusal, signed, subnetOf, subtensorEvent } from './context.ts';
import { associate, seat } from './registration.ts';

type Proof = { netuid: number; work_block: bigint; nonce: bigint; work: Hex; hotkey: Hex };

/** Work may be one or two blocks old when it is included. */
const MOST_AGE = 3;

/** Admission by proof of work (registration.rs, check_pow_registration), in the pool as in the block. */
function check(world: World, context: Context<Proof>): Subnet {
  const { args, features, block } = context;
  const coldkey = signed(context);
  if (args.netuid === 0) throw failure(features, 'RegistrationNotPermittedOnRootSubnet');
  const subnet = subnetOf(world, args.netuid, features);
  if (!subnet.params.networkPowRegistrationAllowed) throw failure(features, 'SubNetRegistrationDisabled');
  if (uidOf(subnet, args.hotkey) !== undefined) throw failure(features, 'HotKeyAlreadyRegisteredInSubNet');
  if (subnet.params.maxAllowedUids === 0) throw failure(features, 'NoNeuronIdAvailable');
  if (subnet.registrationsThisBlock >= subnet.params.maxRegistrationsPerBlock)
    throw failure(features, 'TooManyRegistrationsThisBlock');
  const workBlock = Number(args.work_block);
  const last = world.lastPow.get(args.hotkey);
  const blockHash = context.blockHash(workBlock);
  const fresh = workBlock < block && block - workBlock < MOST_AGE && (last === undefined || workBlock > last);
  if (!fresh || blockHash === undefined) throw failure(features, 'InvalidWorkBlock');
  const { netuid, hotkey, nonce } = args;
  if (sealOf({ netuid, blockHash, hotkey, coldkey, nonce }) !== args.work)
    throw failure(features, 'InvalidSeal');
  if (!meetsDifficulty(args.work, difficultyOf(subnet))) throw failure(features, 'InvalidDifficulty');
  if ([...world.subnets.keys()].some((one) => subnetAccount(one) === hotkey))
    throw failure(features, 'CannotUseSystemAccount');
  if ((world.owners.get(hotkey) ?? coldkey) !== coldkey) throw failure(features, 'NonAssociatedColdKey');
  return subnet;
}

export const powCalls: CallTable<World> = {
  'SubtensorModule.pow_register': handler<Proof>({
    dispatch(world, context) {
      const subnet = check(world, context);
      const { hotkey, work_block } = context.args;
      associate(world, hotkey, signed(context), context.features);
      const uid = seat(world, subnet, hotkey, context.block, context.features);
      world.lastPow.set(hotkey, Number(work_block));
      subnet.registrationsThisBlock += 1;
      raiseDifficulty(subnet);
      return [subtensorEvent('NeuronRegistered', [subnet.netuid, uid, hotkey])];
    },
    // The pool sees the counters of the last block, which the next block's beginning resets: after a block with a
    // registration it refuses until another has come.
    validate: (world, context) => refusal(() => check(world, context)),
    paysFee: false,
  }),
};
