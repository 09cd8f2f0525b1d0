import { type CallTable, type Hex, moduleError, type Plain } from '../model.ts';
import { uidOf, type World } from '../world/index.ts';
import { type Context, failure, handler, refusal, signed } from './context.ts';

type Fields = { netuid: number; info: { fields: readonly Plain[] } };

/** Bytes that count against the space of an epoch, whatever is committed. */
const LEAST = 100n;

/** Bytes of a commitment's field: its data, without the tag. */
function size(field: Plain): bigint {
  if (typeof field !== 'object' || field === null) return 0n;
  const value = Object.values(field)[0];
  if (typeof value === 'string') return BigInt(value.length / 2 - 1);
  if (typeof value === 'object' && value !== null && 'encrypted' in value)
    return size({ encrypted: value.encrypted });
  return 0n;
}

function timelock(fields: readonly Plain[]): Plain {
  for (const field of fields) {
    if (typeof field !== 'object' || field === null || !('TimelockEncrypted' in field)) continue;
    const inner = field.TimelockEncrypted;
    if (typeof inner === 'object' && inner !== null && 'reveal_round' in inner) return inner.reveal_round;
  }
  return undefined;
}

/** Hotkeys with a UID alone; newer runtimes say which of the two is missing. */
function check(world: Readonly<World>, { args, features, ...context }: Context<Fields>): Hex {
  const who = signed(context);
  const subnet = world.subnets.get(args.netuid);
  if (subnet !== undefined && uidOf(subnet, who) !== undefined) return who;
  if (!features.storage('SubtensorModule', 'CollateralLockShare'))
    throw moduleError('Commitments', 'AccountNotAllowedCommit');
  throw failure(features, subnet === undefined ? 'SubnetNotExists' : 'HotKeyNotRegisteredInSubNet');
}

export const commitmentCalls: CallTable<World> = {
  'Commitments.set_commitment': handler<Fields>({
    dispatch(world, context) {
      const { args, block } = context;
      const who = check(world, context);
      const subnet = world.subnets.get(args.netuid);
      if (subnet === undefined) throw failure(context.features, 'SubnetNotExists');
      const { fields } = args.info;
      if (fields.length > 3) throw moduleError('Commitments', 'TooManyFieldsInCommitmentInfo');
      const bytes = fields.reduce<bigint>((sum, field) => sum + size(field), 0n);
      const needed = bytes > LEAST ? bytes : LEAST;
      // Before epochs were counted, their number followed from the block (subtensor: get_epoch_index).
      const epoch = context.features.storage('SubtensorModule', 'SubnetEpochIndex')
        ? BigInt(subnet.epochIndex)
        : BigInt(Math.floor((block + args.netuid + 1) / (subnet.params.tempo + 1)));
      const used = subnet.usedSpace.get(who);
      const before = used?.lastEpoch === epoch ? used.usedSpace : 0n;
      if (before + needed > BigInt(world.commitmentMaxSpace))
        throw moduleError('Commitments', 'SpaceLimitExceeded');
      subnet.usedSpace.set(who, { lastEpoch: epoch, usedSpace: before + needed });
      subnet.commitments.set(who, { block, info: args.info });
      const round = timelock(fields);
      return round === undefined
        ? [{ pallet: 'Commitments', name: 'Commitment', data: { netuid: args.netuid, who } }]
        : [
            {
              pallet: 'Commitments',
              name: 'TimelockCommitment',
              data: { netuid: args.netuid, who, reveal_round: round },
            },
          ];
    },
    // Newer runtimes look already in the pool.
    validate: (world, context) =>
      context.features.storage('SubtensorModule', 'CollateralLockShare')
        ? refusal(() => check(world, context))
        : undefined,
    paysFee: false,
  }),
};
