import type { CallTable, Hex } from '../model.ts';
import { lock, lockedEvent } from '../rules/collateral.ts';
import { mostToBuy } from '../rules/pool.ts';
import { keepAliveBalance, lockedOf, positionKey, type Subnet, stakeOf, type World } from '../world/index.ts';
import { type Context, failure, handler, signed, subnetOf, subtensorEvent } from './context.ts';
import { buyStake } from './staking.ts';

/** Both calls are the hotkey's own coldkey's, on a subnet that is not the root. */
function ownPosition(
  world: World,
  context: Context<{ netuid: number; hotkey: Hex }>,
): { subnet: Subnet; coldkey: Hex } {
  const { args, features } = context;
  const coldkey = signed(context);
  if (args.netuid === 0) throw failure(features, 'RegistrationNotPermittedOnRootSubnet');
  const subnet = subnetOf(world, args.netuid, features);
  const owner = world.owners.get(args.hotkey);
  if (owner === undefined) throw failure(features, 'HotKeyAccountNotExists');
  if (owner !== coldkey) throw failure(features, 'NonAssociatedColdKey');
  return { subnet, coldkey };
}

export const collateralCalls: CallTable<World> = {
  /** Locks free stake of the position first, and buys what is missing at no worse than the limit. */
  'SubtensorModule.add_collateral': handler<{
    netuid: number;
    hotkey: Hex;
    alpha: bigint;
    limit_price: bigint;
  }>({
    dispatch(world, context) {
      const { subnet, coldkey } = ownPosition(world, context);
      const { hotkey, alpha, limit_price, netuid } = context.args;
      const { features } = context;
      if (!subnet.params.subtokenEnabled) throw failure(features, 'SubtokenDisabled');
      if (alpha === 0n) throw failure(features, 'AmountTooLow');
      const free = stakeOf(world, hotkey, coldkey, netuid) - lockedOf(subnet, hotkey, coldkey);
      const fromStake = free < alpha ? free : alpha;
      const cost = ((alpha - fromStake) * subnet.movingPrice) >> 32n;
      if (fromStake > 0n) lock(subnet, hotkey, coldkey, fromStake, { resnapshot: false });
      let added = fromStake;
      const events = [];
      if (cost > 0n) {
        if (keepAliveBalance(world, coldkey) < cost) throw failure(features, 'NotEnoughBalanceToStake');
        if (cost > mostToBuy(subnet, limit_price)) throw failure(features, 'SlippageTooHigh');
        const bought = buyStake(world, subnet, hotkey, coldkey, cost);
        events.push(...bought.events);
        lock(subnet, hotkey, coldkey, bought.alpha, { resnapshot: false });
        added += bought.alpha;
      }
      if (added === 0n) throw failure(features, 'AmountTooLow');
      return [...events, lockedEvent(netuid, hotkey, added, lockedOf(subnet, hotkey, coldkey))];
    },
  }),
  /** The floor below which the lock does not drain; 0 clears it. */
  'SubtensorModule.set_min_collateral': handler<{ netuid: number; hotkey: Hex; min_locked: bigint }>({
    dispatch(world, context) {
      const { subnet, coldkey } = ownPosition(world, context);
      const { hotkey, min_locked, netuid } = context.args;
      const key = positionKey(hotkey, coldkey);
      const state = subnet.collateral.get(key);
      if (state !== undefined) {
        state.minLocked = min_locked;
        if (state.locked === 0n && min_locked === 0n) subnet.collateral.delete(key);
      } else if (min_locked > 0n) {
        const drainRatio = subnet.params.collateralDrainRatio;
        subnet.collateral.set(key, {
          hotkey,
          coldkey,
          locked: 0n,
          minLocked: min_locked,
          earned: 0n,
          drainRatio,
        });
      }
      return [subtensorEvent('MinCollateralSet', { netuid, hotkey, min_locked })];
    },
  }),
};
