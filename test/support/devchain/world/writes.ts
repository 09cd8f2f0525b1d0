import { type ChainEvent, DispatchFailure, type Hex, moduleError } from '../model.ts';
import { stakeKey } from './keys.ts';
import { freeOf, stakeOf } from './reads.ts';
import type { World } from './types.ts';

/** Adds to an account, creating it where it was not. */
function deposit(world: World, who: Hex, amount: bigint): ChainEvent[] {
  const account = world.accounts.get(who);
  if (account !== undefined && (account.free > 0n || account.reserved > 0n)) {
    account.free += amount;
    return [];
  }
  world.accounts.set(who, { free: amount, reserved: 0n, nonce: account?.nonce ?? 0 });
  return [
    { pallet: 'System', name: 'NewAccount', data: { account: who } },
    { pallet: 'Balances', name: 'Endowed', data: { account: who, free_balance: amount } },
  ];
}

/**
 * Takes from an account's free balance; what falls below the existential deposit is lost with the account.
 * @throws DispatchFailure Token.FundsUnavailable, or Token.NotExpendable where it has to live on
 */
function withdraw(
  world: World,
  who: Hex,
  amount: bigint,
  { keepAlive }: { keepAlive: boolean },
): ChainEvent[] {
  const account = world.accounts.get(who);
  if (account === undefined || account.free < amount) throw token('FundsUnavailable');
  const rest = account.free - amount;
  if (rest >= world.existentialDeposit || amount === 0n) {
    account.free = rest;
    return [];
  }
  if (keepAlive) throw token('NotExpendable');
  if (account.reserved > 0n) {
    account.free = rest;
    return [];
  }
  account.free = 0n;
  world.totalIssuance -= rest;
  const gone: ChainEvent[] = [{ pallet: 'System', name: 'KilledAccount', data: { account: who } }];
  if (rest > 0n) gone.push({ pallet: 'Balances', name: 'DustLost', data: { account: who, amount: rest } });
  return gone;
}

/** @throws DispatchFailure of the token kind */
export function transfer(
  world: World,
  from: Hex,
  to: Hex,
  amount: bigint,
  how: { keepAlive: boolean },
): ChainEvent[] {
  const event: ChainEvent = { pallet: 'Balances', name: 'Transfer', data: { from, to, amount } };
  if (from === to) {
    if (freeOf(world, from) < amount) throw token('FundsUnavailable');
    return [event];
  }
  if (amount < world.existentialDeposit && freeOf(world, to) === 0n) throw token('BelowMinimum');
  const gone = withdraw(world, from, amount, how);
  return [...gone, ...deposit(world, to, amount), event];
}

export function reserve(world: World, who: Hex, amount: bigint): ChainEvent[] {
  const account = world.accounts.get(who);
  if (account === undefined || account.free < amount + world.existentialDeposit)
    throw moduleError('Balances', 'InsufficientBalance');
  account.free -= amount;
  account.reserved += amount;
  return [{ pallet: 'Balances', name: 'Reserved', data: { who, amount } }];
}

export function unreserve(world: World, who: Hex, amount: bigint): ChainEvent[] {
  const account = world.accounts.get(who);
  if (account === undefined) return [];
  const given = amount < account.reserved ? amount : account.reserved;
  account.reserved -= given;
  account.free += given;
  return [{ pallet: 'Balances', name: 'Unreserved', data: { who, amount: given } }];
}

/** Changes a stake position by `by`, which may be negative; an empty position disappears. */
export function addStake(world: World, hotkey: Hex, coldkey: Hex, netuid: number, by: bigint): void {
  const key = stakeKey(hotkey, coldkey, netuid);
  const amount = stakeOf(world, hotkey, coldkey, netuid) + by;
  if (amount < 0n) throw new Error('a stake cannot be negative');
  if (amount === 0n) world.stakes.delete(key);
  else world.stakes.set(key, { hotkey, coldkey, netuid, amount });
}

function token(name: string): DispatchFailure {
  return new DispatchFailure({ kind: 'token', name });
}
