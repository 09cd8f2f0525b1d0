import { describe, expect, it } from 'vitest';
import { networkCost } from '../support/devchain/rules/network.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { freeOf, TAO } from '../support/devchain/world/index.ts';
import { model, named } from './model.ts';

const ALICE = keyOf('//Alice');

describe('a new subnet', () => {
  it('costs the lock, gets the lowest free number, and can be registered on', () => {
    const chain = model('paying');
    chain.world.accounts.set(ALICE, { free: 10_000n * TAO, reserved: 0n, nonce: 0 });
    const cost = networkCost(chain.world);
    expect(cost).toBe(2_000n * TAO);
    const events = chain.call('//Alice', 'SubtensorModule.register_network', {
      hotkey: keyOf('//Alice//hot'),
    });
    expect(named(events, 'NetworkAdded')).toEqual([2, 0]);
    expect(freeOf(chain.world, ALICE)).toBe(8_000n * TAO);
    expect(networkCost(chain.world)).toBe(2n * cost);
    const started = chain.call('//Alice', 'SubtensorModule.start_call', { netuid: 2 });
    named(started, 'FirstEmissionBlockNumberSet');
    expect(chain.call('//Alice', 'SubtensorModule.start_call', { netuid: 2 })).toBe(
      'FirstEmissionBlockNumberAlreadySet',
    );
    const seated = chain.call('//Bob', 'SubtensorModule.burned_register', {
      netuid: 2,
      hotkey: keyOf('//Bob//hot'),
    });
    expect(named(seated, 'NeuronRegistered')).toEqual([2, 1, keyOf('//Bob//hot')]);
  });

  it('is refused to who cannot pay', () => {
    const chain = model('paying');
    expect(chain.call('//Eve', 'SubtensorModule.register_network', { hotkey: keyOf('//Eve//hot') })).toBe(
      'CannotAffordLockCost',
    );
  });
});

describe('hyperparameters', () => {
  const set = {
    pallet: 'AdminUtils',
    name: 'sudo_set_immunity_period',
    args: { netuid: 72, immunity_period: 7 },
  };

  it('are set by the owner, or by root', () => {
    const chain = model('paying');
    expect(chain.call('//Alice', 'AdminUtils.sudo_set_immunity_period', set.args)).toBe('NotSubnetOwner');
    chain.call('//Owner', 'AdminUtils.sudo_set_immunity_period', set.args);
    expect(chain.subnet.params.immunityPeriod).toBe(7);
    const call = { ...set, args: { netuid: 72, immunity_period: 9 } };
    expect(chain.call('//Bob', 'Sudo.sudo', { call })).toBe('RequireSudo');
    expect(named(chain.call('//Alice', 'Sudo.sudo', { call }), 'Sudid')).toEqual({ sudo_result: { Ok: [] } });
    expect(chain.subnet.params.immunityPeriod).toBe(9);
  });
});

describe('collateral by hand', () => {
  const HOT = keyOf('//Dave//hot');
  const locked = (chain: ReturnType<typeof model>) => [...chain.subnet.collateral.values()][0]?.locked ?? 0n;

  it('locks free stake first and buys what is missing', () => {
    const chain = model('collateral', 'newer');
    const add = (alpha: bigint, limit_price = 10n ** 9n) =>
      chain.call('//Dave', 'SubtensorModule.add_collateral', { netuid: 72, hotkey: HOT, alpha, limit_price });
    const before = freeOf(chain.world, keyOf('//Dave'));
    add(100n * TAO);
    expect(locked(chain)).toBe(100n * TAO);
    expect(freeOf(chain.world, keyOf('//Dave'))).toBe(before);
    expect(add(10_000n * TAO)).toBe('NotEnoughBalanceToStake');
    expect(add(800n * TAO, 1n)).toBe('SlippageTooHigh');
    expect(add(0n)).toBe('AmountTooLow');
    const events = add(800n * TAO);
    named(events, 'StakeAdded');
    named(events, 'CollateralLocked');
    expect(freeOf(chain.world, keyOf('//Dave'))).toBeLessThan(before);
  });

  it('has a floor that the hotkey’s coldkey sets', () => {
    const chain = model('collateral', 'newer');
    const floor = (min_locked: bigint, who = '//Dave') =>
      chain.call(who, 'SubtensorModule.set_min_collateral', { netuid: 72, hotkey: HOT, min_locked });
    expect(floor(5n, '//Alice')).toBe('NonAssociatedColdKey');
    expect(named(floor(5n), 'MinCollateralSet')).toEqual({ netuid: 72, hotkey: HOT, min_locked: 5n });
    expect(chain.subnet.collateral.size).toBe(1);
    floor(0n);
    expect(chain.subnet.collateral.size).toBe(0);
  });
});
