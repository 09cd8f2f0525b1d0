import { DispatchFailure, type Hex, type Plain, type RuntimeApiTable } from '../model.ts';
import { alphaPrice, quoteBuy, quoteSell } from '../rules/pool.ts';
import {
  coldkeyLocked,
  lockedOf,
  type Stake,
  stakeOf,
  stakesOfColdkey,
  uidOf,
  type World,
} from '../world/index.ts';

function stakeInfo(world: Readonly<World>, { hotkey, coldkey, netuid, amount }: Stake) {
  const subnet = world.subnets.get(netuid);
  const uid = subnet && uidOf(subnet, hotkey);
  return {
    hotkey,
    coldkey,
    netuid,
    stake: amount,
    locked: subnet === undefined ? 0n : lockedOf(subnet, hotkey, coldkey),
    emission: uid === undefined ? 0n : (subnet?.neurons[uid]?.emission ?? 0n),
    tao_emission: 0n,
    drain: 0n,
    is_registered: uid !== undefined,
  };
}

const infos = (world: Readonly<World>, coldkey: Plain) =>
  stakesOfColdkey(world, coldkey as Hex).map((stake) => stakeInfo(world, stake));

function availability(world: Readonly<World>, coldkey: Hex, netuids: readonly number[] | undefined): Plain {
  const totals = new Map<number, bigint>();
  for (const { netuid, amount } of stakesOfColdkey(world, coldkey)) {
    if (netuids === undefined || netuids.includes(netuid))
      totals.set(netuid, (totals.get(netuid) ?? 0n) + amount);
  }
  return [...totals]
    .sort(([a], [b]) => a - b)
    .map(([netuid, total]) => {
      const subnet = world.subnets.get(netuid);
      const locked = subnet === undefined ? 0n : coldkeyLocked(subnet, coldkey);
      return [netuid, { total, locked, available: total > locked ? total - locked : 0n }];
    });
}

const NOTHING = {
  tao_amount: 0n,
  alpha_amount: 0n,
  tao_fee: 0n,
  alpha_fee: 0n,
  tao_slippage: 0n,
  alpha_slippage: 0n,
};

/** A quote; zeros where the pool would refuse. */
function quoted(quote: () => Plain): Plain {
  try {
    return quote();
  } catch (error) {
    if (error instanceof DispatchFailure) return NOTHING;
    throw error;
  }
}

const less = (a: bigint, b: bigint) => (a > b ? a - b : 0n);

export const stakeApis: RuntimeApiTable<World> = {
  'StakeInfoRuntimeApi.get_stake_info_for_coldkey': (world, [coldkey]) => infos(world, coldkey),
  'StakeInfoRuntimeApi.get_stake_info_for_coldkeys': (world, [coldkeys]) =>
    (coldkeys as Plain[]).map((coldkey) => [coldkey, infos(world, coldkey)]),
  'StakeInfoRuntimeApi.get_stake_info_for_hotkey_coldkey_netuid': (world, [hotkey, coldkey, netuid]) => {
    const position = { hotkey: hotkey as Hex, coldkey: coldkey as Hex, netuid: Number(netuid) };
    if (!world.subnets.has(position.netuid)) return undefined;
    return stakeInfo(world, {
      ...position,
      amount: stakeOf(world, position.hotkey, position.coldkey, position.netuid),
    });
  },
  'StakeInfoRuntimeApi.get_stake_availability_for_coldkeys': (world, [coldkeys, netuids]) =>
    [...(coldkeys as Hex[])]
      .sort()
      .map((coldkey) => [
        coldkey,
        availability(world, coldkey, netuids === undefined ? undefined : (netuids as Plain[]).map(Number)),
      ]),
  'StakeInfoRuntimeApi.get_stake_fee': () => 0n,
  'SwapRuntimeApi.current_alpha_price': (world, [netuid]) => {
    const subnet = world.subnets.get(Number(netuid));
    return subnet === undefined ? 0n : alphaPrice(subnet);
  },
  'SwapRuntimeApi.current_alpha_price_all': (world) =>
    [...world.subnets.values()].map((subnet) => ({ netuid: subnet.netuid, price: alphaPrice(subnet) })),
  'SwapRuntimeApi.sim_swap_tao_for_alpha': (world, [netuid, tao]) => {
    const subnet = world.subnets.get(Number(netuid));
    if (subnet === undefined) return NOTHING;
    return quoted(() => {
      const { paidIn, paidOut, fee } = quoteBuy(subnet, BigInt(tao as bigint));
      const ideal = subnet.netuid === 0 ? paidIn : (BigInt(tao as bigint) * subnet.alphaIn) / subnet.taoIn;
      return {
        ...NOTHING,
        tao_amount: paidIn,
        alpha_amount: paidOut,
        tao_fee: fee,
        alpha_slippage: less(ideal, paidOut),
      };
    });
  },
  'SwapRuntimeApi.sim_swap_alpha_for_tao': (world, [netuid, alpha]) => {
    const subnet = world.subnets.get(Number(netuid));
    if (subnet === undefined) return NOTHING;
    return quoted(() => {
      const { paidIn, paidOut, fee } = quoteSell(subnet, BigInt(alpha as bigint));
      const ideal = subnet.netuid === 0 ? paidIn : (BigInt(alpha as bigint) * subnet.taoIn) / subnet.alphaIn;
      return {
        ...NOTHING,
        tao_amount: paidOut,
        alpha_amount: paidIn,
        alpha_fee: fee,
        tao_slippage: less(ideal, paidOut),
      };
    });
  },
};
