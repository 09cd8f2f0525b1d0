import { type CallTable, type ChainEvent, type Features, type Hex, moduleError } from '../model.ts';
import { buyAlpha, mostToBuy, mostToSell, quoteSell, sellAlpha } from '../rules/pool.ts';
import {
  addStake,
  coldkeyLocked,
  keepAliveBalance,
  lockedOf,
  type Subnet,
  stakeOf,
  stakesOfColdkey,
  subnetAccount,
  transfer,
  uidOf,
  type World,
} from '../world/index.ts';
import { type Context, failure, handler, signed, subnetOf, subtensorEvent } from './context.ts';

/** Rao: a smaller stake or unstake is refused unless it is everything. */
const MINIMUM = 2_000_000n;

/** TAO to the subnet's account, alpha to the stake. */
export function buyStake(
  world: World,
  subnet: Subnet,
  hotkey: Hex,
  coldkey: Hex,
  tao: bigint,
): { events: ChainEvent[]; alpha: bigint } {
  const moved = transfer(world, coldkey, subnetAccount(subnet.netuid), tao, { keepAlive: true });
  const { paidOut, fee } = buyAlpha(subnet, tao);
  addStake(world, hotkey, coldkey, subnet.netuid, paidOut);
  const added = subtensorEvent('StakeAdded', [coldkey, hotkey, tao, paidOut, subnet.netuid, fee]);
  return { events: [...moved, added], alpha: paidOut };
}

function sellStake(world: World, subnet: Subnet, hotkey: Hex, coldkey: Hex, alpha: bigint): ChainEvent[] {
  const { paidOut, fee } = sellAlpha(subnet, alpha);
  addStake(world, hotkey, coldkey, subnet.netuid, -alpha);
  const moved = transfer(world, subnetAccount(subnet.netuid), coldkey, paidOut, { keepAlive: false });
  return [...moved, subtensorEvent('StakeRemoved', [coldkey, hotkey, paidOut, alpha, subnet.netuid, fee])];
}

type Adding = {
  hotkey: Hex;
  netuid: number;
  amount_staked: bigint;
  limit_price?: bigint;
  allow_partial?: boolean;
};

function add(world: World, context: Context<Adding>): ChainEvent[] {
  const { args, features } = context;
  const coldkey = signed(context);
  const subnet = openSubnet(world, args.netuid, features);
  let amount = args.amount_staked;
  if (amount < MINIMUM) throw failure(features, 'AmountTooLow');
  if (!world.owners.has(args.hotkey)) throw failure(features, 'HotKeyAccountNotExists');
  if (args.limit_price !== undefined) {
    const most = mostToBuy(subnet, args.limit_price);
    if (amount > most && (most === 0n || args.allow_partial !== true)) throw tooFar(features, most);
    if (amount > most) amount = most;
  }
  if (keepAliveBalance(world, coldkey) < amount) throw failure(features, 'NotEnoughBalanceToStake');
  return buyStake(world, subnet, args.hotkey, coldkey, amount).events;
}

type Removing = {
  hotkey: Hex;
  netuid: number;
  amount_unstaked: bigint;
  limit_price?: bigint;
  allow_partial?: boolean;
};

function remove(world: World, context: Context<Removing>): ChainEvent[] {
  const { args, features } = context;
  const coldkey = signed(context);
  const subnet = openSubnet(world, args.netuid, features);
  const has = stakeOf(world, args.hotkey, coldkey, args.netuid);
  const limit = args.limit_price;
  // Without a limit the wish is cut to what is there; with one, too much is refused.
  const asked = limit === undefined && args.amount_unstaked > has ? has : args.amount_unstaked;
  const most = limit === undefined ? undefined : mostToSell(subnet, limit);
  if (most === 0n) throw tooFar(features, most);
  checkRemoval(world, subnet, args.hotkey, coldkey, asked, features);
  if (most !== undefined && asked > most && args.allow_partial !== true)
    throw failure(features, 'SlippageTooHigh');
  const sold = most !== undefined && asked > most ? most : asked;
  return sellStake(world, subnet, args.hotkey, coldkey, sold);
}

function checkRemoval(
  world: World,
  subnet: Subnet,
  hotkey: Hex,
  coldkey: Hex,
  alpha: bigint,
  features: Features,
) {
  const has = stakeOf(world, hotkey, coldkey, subnet.netuid);
  if (!world.owners.has(hotkey)) throw failure(features, 'HotKeyAccountNotExists');
  if (alpha === 0n) throw failure(features, 'AmountTooLow');
  if (alpha > has) throw failure(features, 'NotEnoughStakeToWithdraw');
  if (alpha !== has && quoteSell(subnet, alpha).paidOut < MINIMUM) throw failure(features, 'AmountTooLow');
  const total = stakesOfColdkey(world, coldkey)
    .filter(({ netuid }) => netuid === subnet.netuid)
    .reduce((sum, { amount }) => sum + amount, 0n);
  const bound =
    alpha > has - lockedOf(subnet, hotkey, coldkey) || alpha > total - coldkeyLocked(subnet, coldkey);
  if (bound) throw failure(features, 'StakeUnavailable', 'NotEnoughStakeToWithdraw');
}

function openSubnet(world: World, netuid: number, features: Features): Subnet {
  const subnet = subnetOf(world, netuid, features);
  if (!subnet.params.subtokenEnabled) throw failure(features, 'SubtokenDisabled');
  return subnet;
}

/** The price is past the limit already, or would be. */
function tooFar(features: Features, most: bigint) {
  return most === 0n && features.error('Swap', 'PriceLimitExceeded')
    ? moduleError('Swap', 'PriceLimitExceeded')
    : failure(features, 'SlippageTooHigh');
}

/** Everything of a hotkey that is free; positions that cannot be removed are passed over. */
function removeAll(world: World, context: Context<{ hotkey: Hex }>, withRoot: boolean): ChainEvent[] {
  const { args, features } = context;
  const coldkey = signed(context);
  if (!world.owners.has(args.hotkey)) throw failure(features, 'HotKeyAccountNotExists');
  const events: ChainEvent[] = [];
  for (const subnet of world.subnets.values()) {
    const alpha = stakeOf(world, args.hotkey, coldkey, subnet.netuid);
    const passed = !subnet.params.subtokenEnabled || (subnet.netuid === 0 && !withRoot);
    if (passed || alpha === 0n || lockedOf(subnet, args.hotkey, coldkey) > 0n) continue;
    events.push(...sellStake(world, subnet, args.hotkey, coldkey, alpha));
  }
  return events;
}

export const stakingCalls: CallTable<World> = {
  'SubtensorModule.add_stake': handler<Adding>({ dispatch: add }),
  'SubtensorModule.add_stake_limit': handler<Adding>({ dispatch: add }),
  'SubtensorModule.remove_stake': handler<Removing>({ dispatch: remove }),
  'SubtensorModule.remove_stake_limit': handler<Removing>({ dispatch: remove }),
  'SubtensorModule.remove_stake_full_limit': handler<{
    hotkey: Hex;
    netuid: number;
    limit_price: bigint | undefined;
  }>({
    dispatch(world, context) {
      const { hotkey, netuid, limit_price } = context.args;
      const amount_unstaked = stakeOf(world, hotkey, signed(context), netuid);
      const limit = limit_price === undefined ? {} : { limit_price };
      return remove(world, { ...context, args: { hotkey, netuid, amount_unstaked, ...limit } });
    },
  }),
  'SubtensorModule.unstake_all': handler<{ hotkey: Hex }>({
    dispatch: (world, context) => removeAll(world, context, true),
  }),
  'SubtensorModule.set_coldkey_auto_stake_hotkey': handler<{ netuid: number; hotkey: Hex }>({
    dispatch(world, context) {
      const { args, features } = context;
      const coldkey = signed(context);
      const subnet = subnetOf(world, args.netuid, features);
      if (uidOf(subnet, args.hotkey) === undefined) throw failure(features, 'HotKeyNotRegisteredInSubNet');
      const key = `${coldkey}/${args.netuid}`;
      if (world.autoStake.get(key) === args.hotkey) throw failure(features, 'SameAutoStakeHotkeyAlreadySet');
      world.autoStake.set(key, args.hotkey);
      return [
        subtensorEvent('AutoStakeDestinationSet', { coldkey, netuid: args.netuid, hotkey: args.hotkey }),
      ];
    },
  }),
};
