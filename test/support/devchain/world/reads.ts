import type { Hex } from '../model.ts';
import { positionKey, stakeKey } from './keys.ts';
import type { Neuron, Stake, Subnet, World } from './types.ts';

export function uidOf(subnet: Subnet, hotkey: Hex): number | undefined {
  const uid = subnet.neurons.findIndex((neuron) => neuron.hotkey === hotkey);
  return uid === -1 ? undefined : uid;
}

export function freeOf(world: Readonly<World>, account: Hex): bigint {
  return world.accounts.get(account)?.free ?? 0n;
}

/** What may be taken while the account lives on. */
export function keepAliveBalance(world: Readonly<World>, account: Hex): bigint {
  const free = freeOf(world, account);
  return free > world.existentialDeposit ? free - world.existentialDeposit : 0n;
}

export function stakeOf(world: Readonly<World>, hotkey: Hex, coldkey: Hex, netuid: number): bigint {
  return world.stakes.get(stakeKey(hotkey, coldkey, netuid))?.amount ?? 0n;
}

/** Stake of everybody on a hotkey. */
export function hotkeyStake(world: Readonly<World>, hotkey: Hex, netuid: number): bigint {
  let sum = 0n;
  for (const stake of world.stakes.values()) {
    if (stake.hotkey === hotkey && stake.netuid === netuid) sum += stake.amount;
  }
  return sum;
}

export function stakesOfColdkey(world: Readonly<World>, coldkey: Hex): Stake[] {
  return [...world.stakes.values()].filter((stake) => stake.coldkey === coldkey);
}

export function lockedOf(subnet: Subnet, hotkey: Hex, coldkey: Hex): bigint {
  return subnet.collateral.get(positionKey(hotkey, coldkey))?.locked ?? 0n;
}

/** All collateral of a coldkey on a subnet. */
export function coldkeyLocked(subnet: Subnet, coldkey: Hex): bigint {
  let sum = 0n;
  for (const state of subnet.collateral.values()) if (state.coldkey === coldkey) sum += state.locked;
  return sum;
}

/** Hotkeys of a coldkey, in the order in which they were associated. */
export function ownedHotkeys(world: Readonly<World>, coldkey: Hex): Hex[] {
  return [...world.owners].filter(([, owner]) => owner === coldkey).map(([hotkey]) => hotkey);
}

export interface Weighted {
  readonly alpha: bigint;
  readonly tao: bigint;
  /** alpha + tao · TaoWeight: the stake that counts. */
  readonly total: bigint;
}

/** What each UID's stake counts for (rpc_info/stake_utils: alpha there, and the root stake by TaoWeight). */
export function weightedStakes(world: Readonly<World>, subnet: Subnet): Weighted[] {
  const alpha = new Map<Hex, bigint>();
  const tao = new Map<Hex, bigint>();
  for (const { hotkey, netuid, amount } of world.stakes.values()) {
    if (netuid === subnet.netuid) alpha.set(hotkey, (alpha.get(hotkey) ?? 0n) + amount);
    if (netuid === 0) tao.set(hotkey, (tao.get(hotkey) ?? 0n) + amount);
  }
  return subnet.neurons.map(({ hotkey }) => {
    const t = tao.get(hotkey) ?? 0n;
    if (subnet.netuid === 0) return { alpha: 0n, tao: t, total: t };
    const a = alpha.get(hotkey) ?? 0n;
    return { alpha: a, tao: t, total: a + ((t * world.taoWeight) >> 64n) };
  });
}

/** Blocks without weights after which a UID no longer counts as active. */
export function activityCutoff({ params }: Subnet): bigint {
  return (BigInt(params.activityCutoffFactorMilli) * BigInt(params.tempo)) / 1000n;
}

export function isActive(subnet: Subnet, neuron: Neuron, block: number): boolean {
  return BigInt(neuron.lastUpdate) + activityCutoff(subnet) >= BigInt(block);
}

export function nextEpochBlock(subnet: Subnet): number {
  return subnet.lastEpochBlock + subnet.params.tempo;
}
