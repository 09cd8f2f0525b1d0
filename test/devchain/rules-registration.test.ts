import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callInfo } from '../support/devchain/chain/execute.ts';
import { runtimeImage, type Variant } from '../support/devchain/metadata/images.ts';
import type { PlainCall } from '../support/devchain/model.ts';
import { runtime } from '../support/devchain/runtime.ts';
import { keyOf, strangerKey } from '../support/devchain/scenarios/index.ts';
import { freeOf, lockedOf, stakeOf, subnetAccount, TAO, uidOf } from '../support/devchain/world/index.ts';
import { fieldsOf, type Model, model, named } from './model.ts';

const ALICE = keyOf('//Alice');
const HOT = keyOf('//Alice//hot');

function register(chain: Model, hotkey = HOT, who = '//Alice') {
  return chain.call(who, 'SubtensorModule.burned_register', { netuid: 72, hotkey });
}

function fund(chain: Model, free: bigint) {
  chain.world.accounts.set(ALICE, { free, reserved: 0n, nonce: 0 });
}

describe('a registration', () => {
  it('takes the price to the rao, seats the hotkey, and raises the price', () => {
    const chain = model('paying');
    const [before, price] = [freeOf(chain.world, ALICE), chain.subnet.burn];
    const events = register(chain);
    const uid = uidOf(chain.subnet, HOT);
    expect(named(events, 'NeuronRegistered')).toEqual([72, uid, HOT]);
    expect(named(events, 'Transfer')).toEqual({ from: ALICE, to: subnetAccount(72), amount: price });
    expect(freeOf(chain.world, ALICE)).toBe(before - price);
    expect(chain.subnet.burn).toBe((price * 126n) / 100n);
    expect(chain.world.owners.get(HOT)).toBe(ALICE);
    expect(chain.subnet.neurons[uid ?? -1]?.registeredAt).toBe(chain.world.blockNumber + 1);
  });

  it('takes a free slot where there is one and pushes nobody out', () => {
    const chain = model('empty');
    const present = chain.subnet.neurons.map(({ hotkey }) => hotkey);
    register(chain);
    expect(chain.subnet.neurons.map(({ hotkey }) => hotkey)).toEqual([...present, HOT]);
  });

  it('takes axon and certificate from who is pushed out, and the UID’s weights', () => {
    const chain = model('paying');
    const before = chain.subnet.neurons.map(({ hotkey }) => hotkey);
    for (const hotkey of before) chain.subnet.commitments.set(hotkey, { block: 1, info: { fields: [] } });
    register(chain);
    const uid = uidOf(chain.subnet, HOT) ?? -1;
    const gone = before[uid] ?? '';
    expect(chain.subnet.axons.has(gone)).toBe(false);
    // Forgotten by newer runtimes only.
    expect(chain.subnet.commitments.has(gone)).toBe(true);
    expect(chain.subnet.neurons.flatMap(({ weights }) => weights).some(([to]) => to === uid)).toBe(false);
  });

  it('fails in the runtime’s order, and changes nothing', () => {
    const chain = model('paying');
    const before = structuredClone(chain.world);
    const fails = (change: () => void, args = {}, who = '//Alice') => {
      change();
      return chain.call(who, 'SubtensorModule.register_limit', {
        netuid: 72,
        hotkey: HOT,
        limit_price: 10n * TAO,
        ...args,
      });
    };
    expect(fails(() => undefined, { netuid: 0 })).toBe('RegistrationNotPermittedOnRootSubnet');
    expect(fails(() => undefined, { netuid: 9 })).toBe('SubnetNotExists');
    expect(fails(() => undefined, { limit_price: chain.subnet.burn - 1n })).toBe(
      'RegistrationPriceLimitExceeded',
    );
    expect(fails(() => undefined, { hotkey: keyOf('//Dave//hot') })).toBe('HotKeyAlreadyRegisteredInSubNet');
    expect(fails(() => undefined, { hotkey: subnetAccount(72) })).toBe('CannotUseSystemAccount');
    expect(fails(() => undefined, {}, '//Ferdie')).toBe('NotEnoughBalanceToStake');
    expect(chain.world).toEqual(before);
    expect(fails(() => chain.world.owners.set(HOT, strangerKey('other')))).toBe('NonAssociatedColdKey');
    chain.world.owners.delete(HOT);
    expect(fails(() => Object.assign(chain.subnet.params, { maxAllowedUids: 0 }))).toBe(
      'NoNeuronIdAvailable',
    );
    expect(fails(() => Object.assign(chain.subnet.params, { networkRegistrationAllowed: false }))).toBe(
      'SubNetRegistrationDisabled',
    );
  });

  it('never pays more than the limit', () => {
    fc.assert(
      fc.property(fc.bigInt(500_000n, TAO), fc.bigInt(0n, TAO), (price, limit) => {
        const chain = model('empty');
        chain.subnet.burn = price;
        const before = freeOf(chain.world, ALICE);
        const said = chain.call('//Alice', 'SubtensorModule.register_limit', {
          netuid: 72,
          hotkey: HOT,
          limit_price: limit,
        });
        expect(typeof said === 'string').toBe(price > limit);
        expect(before - freeOf(chain.world, ALICE)).toBe(price > limit ? 0n : price);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the balance it needs', () => {
  it('with collateral: the charge and the existential deposit', () => {
    const chain = model('collateral', 'newer');
    const price = chain.subnet.burn;
    fund(chain, price + 499n);
    expect(register(chain)).toBe('NotEnoughBalanceToStake');
    fund(chain, price + 500n);
    expect(register(chain)).not.toBe('NotEnoughBalanceToStake');
    expect(freeOf(chain.world, ALICE)).toBe(500n);
  });

  it('before: the price alone is asked for, and the existential deposit is left out of the charge', () => {
    const chain = model('paying');
    const price = chain.subnet.burn;
    fund(chain, price - 1n);
    expect(register(chain)).toBe('NotEnoughBalanceToStake');
    fund(chain, price);
    const events = register(chain);
    expect(fieldsOf(named(events, 'Transfer')).amount).toBe(price - 500n);
    expect(freeOf(chain.world, ALICE)).toBe(500n);
  });
});

describe('with collateral', () => {
  it('locks what it says, stakes it, and credits it the next time', () => {
    const chain = model('collateral', 'newer');
    const price = chain.subnet.burn;
    const before = freeOf(chain.world, ALICE);
    const events = register(chain);
    const locked = lockedOf(chain.subnet, HOT, ALICE);
    expect(before - freeOf(chain.world, ALICE)).toBe(price);
    expect(locked).toBeGreaterThan(0n);
    expect(stakeOf(chain.world, HOT, ALICE, 72)).toBe(locked);
    expect(named(events, 'CollateralLocked')).toEqual({
      netuid: 72,
      hotkey: HOT,
      locked,
      total_locked: locked,
    });
    // Pushed out, and back: only the burned part is due, as the standing lock is worth the rest.
    chain.subnet.neurons.splice(uidOf(chain.subnet, HOT) ?? -1, 1);
    Object.assign(chain.subnet, { burn: price / 2n });
    const again = freeOf(chain.world, ALICE);
    register(chain);
    const half = price / 2n;
    expect(again - freeOf(chain.world, ALICE)).toBe(half - ((half * ((13_107n << 64n) / 65_535n)) >> 64n));
    expect(lockedOf(chain.subnet, HOT, ALICE)).toBe(locked);
  });

  it('keeps the locked alpha from being unstaked, and the rest free', () => {
    const chain = model('collateral', 'newer');
    register(chain);
    const locked = lockedOf(chain.subnet, HOT, ALICE);
    const unstake = (amount_unstaked: bigint) =>
      chain.call('//Alice', 'SubtensorModule.remove_stake', { hotkey: HOT, netuid: 72, amount_unstaked });
    expect(unstake(locked)).toBe('StakeUnavailable');
    chain.call('//Alice', 'SubtensorModule.add_stake', { hotkey: HOT, netuid: 72, amount_staked: TAO });
    const free = stakeOf(chain.world, HOT, ALICE, 72) - locked;
    expect(unstake(free + 1n)).toBe('StakeUnavailable');
    expect(unstake(free)).not.toBeTypeOf('string');
    expect(stakeOf(chain.world, HOT, ALICE, 72)).toBe(locked);
  });

  it('fails where the pool would move more than five percent', () => {
    const chain = model('collateral', 'newer');
    Object.assign(chain.subnet, { taoIn: TAO, alphaIn: 100n * TAO, burn: TAO });
    expect(register(chain)).toBe('SlippageTooHigh');
    chain.subnet.params.collateralLockShare = 0;
    expect(register(chain)).not.toBeTypeOf('string');
  });
});

describe('an old runtime', () => {
  it('keeps no UIDs without immunity: the last of them goes, where later an immune one would', () => {
    const seats = (variant: Variant) => {
      const chain = model('paying', variant);
      const block = chain.world.blockNumber;
      for (const [uid, neuron] of chain.subnet.neurons.entries())
        neuron.registeredAt = uid === 99 ? 1 : block;
      register(chain);
      return uidOf(chain.subnet, HOT);
    };
    expect(seats('old')).toBe(99);
    expect(seats('spec424')).not.toBe(99);
  });

  it('spells errors its way, counts registrations, and keeps the price', () => {
    const chain = model('paying', 'old');
    const price = chain.subnet.burn;
    expect(chain.call('//Alice', 'SubtensorModule.burned_register', { netuid: 9, hotkey: HOT })).toBe(
      'SubNetworkDoesNotExist',
    );
    expect(named(register(chain), 'RAORecycledForRegistrationSet')).toEqual([72, price]);
    expect(register(chain, keyOf('//Alice//hot2'))).toBe('TooManyRegistrationsThisBlock');
    chain.pass(1);
    expect(chain.subnet.burn).toBe(price);
    expect(register(chain, keyOf('//Alice//hot2'))).not.toBeTypeOf('string');
    chain.pass(1);
    expect(register(chain, keyOf('//Alice//hot3'))).not.toBeTypeOf('string');
    chain.pass(1);
    expect(register(chain, strangerKey('fourth'))).toBe('TooManyRegistrationsThisInterval');
  });
});

it('a registration costs a fee since it has a ceiling, and a proxy weighs what it carries', () => {
  const call = { pallet: 'SubtensorModule', name: 'burned_register', args: { netuid: 72, hotkey: HOT } };
  const info = (variant: Variant, of: PlainCall) =>
    callInfo(
      { calls: runtime.calls, image: runtimeImage(variant), block: 1, blockHash: () => undefined },
      ALICE,
      of,
    );
  expect(info('old', call).paysFee).toBe(false);
  expect(info('spec424', call)).toEqual({ paysFee: true, weight: 4_086_815_000n });
  const carried = {
    pallet: 'Proxy',
    name: 'proxy',
    args: { real: { Id: ALICE }, force_proxy_type: undefined, call },
  };
  expect(info('spec424', carried).weight).toBe(4_586_815_000n);
});
