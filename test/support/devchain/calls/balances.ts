import type { CallTable, Plain } from '../model.ts';
import { freeOf, keepAliveBalance, transfer, type World } from '../world/index.ts';
import { accountOf, handler, signed } from './context.ts';

type Moving = { dest: Plain; value: bigint };

export const balanceCalls: CallTable<World> = {
  'Balances.transfer_keep_alive': handler<Moving>({
    dispatch: (world, context) =>
      transfer(world, signed(context), accountOf(context.args.dest), context.args.value, { keepAlive: true }),
  }),
  'Balances.transfer_allow_death': handler<Moving>({
    dispatch: (world, context) =>
      transfer(world, signed(context), accountOf(context.args.dest), context.args.value, {
        keepAlive: false,
      }),
  }),
  'Balances.transfer_all': handler<{ dest: Plain; keep_alive: boolean }>({
    dispatch(world, context) {
      const from = signed(context);
      const { dest, keep_alive: keepAlive } = context.args;
      const amount = keepAlive ? keepAliveBalance(world, from) : freeOf(world, from);
      return transfer(world, from, accountOf(dest), amount, { keepAlive });
    },
  }),
};
