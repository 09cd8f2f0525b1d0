import type { CallHandler, CallTable } from '../model.ts';
import { weightOf } from '../rules/weights.ts';
import type { World } from '../world/index.ts';
import { balanceCalls } from './balances.ts';
import { collateralCalls } from './collateral.ts';
import { commitmentCalls } from './commitments.ts';
import { networkCalls } from './network.ts';
import { powCalls } from './pow.ts';
import { proxyCalls } from './proxy.ts';
import { registrationCalls } from './registration.ts';
import { servingCalls } from './serving.ts';
import { stakingCalls } from './staking.ts';
import { utilityCalls } from './utility.ts';
import { weightCalls } from './weights.ts';

/** What holds for every call: its weight; and a coldkey with an announced swap may make none, the pool refuses with 0. */
function common(name: string, handler: CallHandler<World>): CallHandler<World> {
  const [pallet = '', call = ''] = name.split('.');
  return {
    ...handler,
    weight: ({ args }) => weightOf({ pallet, name: call, args }),
    validate: (world, context) =>
      context.signer !== undefined && world.coldkeySwaps.has(context.signer)
        ? 0
        : handler.validate?.(world, context),
  };
}

const every: CallTable<World> = {
  ...balanceCalls,
  ...collateralCalls,
  ...commitmentCalls,
  ...networkCalls,
  ...powCalls,
  ...proxyCalls,
  ...registrationCalls,
  ...servingCalls,
  ...stakingCalls,
  ...utilityCalls,
  ...weightCalls,
};

export const calls: CallTable<World> = Object.fromEntries(
  Object.entries(every).map(([name, handler]) => [name, common(name, handler)]),
);
