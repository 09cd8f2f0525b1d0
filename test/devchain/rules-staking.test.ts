import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaPrice } from '../support/devchain/rules/pool.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { freeOf, stakeOf, subnetAccount, TAO } from '../support/devchain/world/index.ts';
import { model, named } from './model.ts';

const [ALICE, DAVE, HOT] = [keyOf('//Alice'), keyOf('//Dave'), keyOf('//Dave//hot')];

function total(chain: ReturnType<typeof model>) {
  return [...chain.world.accounts.values()].reduce((sum, { free, reserved }) => sum + free + reserved, 0n);
}

describe('unstaking', () => {
  const remove = (chain: ReturnType<typeof model>, amount_unstaked: bigint, more = {}) =>
    chain.call('//Dave', 'SubtensorModule.remove_stake', {
      hotkey: HOT,
      netuid: 72,
      amount_unstaked,
      ...more,
    });
  const limited = (
    chain: ReturnType<typeof model>,
    amount_unstaked: bigint,
    limit_price: bigint,
    allow_partial = false,
  ) =>
    chain.call('//Dave', 'SubtensorModule.remove_stake_limit', {
      hotkey: HOT,
      netuid: 72,
      amount_unstaked,
      limit_price,
      allow_partial,
    });

  it('pays what the quote said, from the subnet’s account', () => {
    const chain = model('paying');
    const [has, before, all] = [stakeOf(chain.world, HOT, DAVE, 72), freeOf(chain.world, DAVE), total(chain)];
    const events = remove(chain, has / 2n);
    const [, , tao, alpha] = named(events, 'StakeRemoved') as [string, string, bigint, bigint];
    expect(alpha).toBe(has / 2n);
    expect(freeOf(chain.world, DAVE) - before).toBe(tao);
    expect(stakeOf(chain.world, HOT, DAVE, 72)).toBe(has - alpha);
    expect(total(chain)).toBe(all);
    expect(named(events, 'Transfer')).toEqual({ from: subnetAccount(72), to: DAVE, amount: tao });
  });

  it('without a limit cuts the wish to what is there; with one refuses it', () => {
    const chain = model('paying');
    const has = stakeOf(chain.world, HOT, DAVE, 72);
    expect(limited(chain, has + 1n, 1_000n)).toBe('NotEnoughStakeToWithdraw');
    expect(remove(chain, has + 1n)).not.toBeTypeOf('string');
    expect(stakeOf(chain.world, HOT, DAVE, 72)).toBe(0n);
  });

  it('of too little is refused, unless it is everything', () => {
    const chain = model('paying');
    expect(remove(chain, 1_000_000n)).toBe('AmountTooLow');
    expect(remove(chain, 0n)).toBe('AmountTooLow');
    remove(chain, stakeOf(chain.world, HOT, DAVE, 72) - 1_000_000n);
    expect(remove(chain, 1_000_000n)).not.toBeTypeOf('string');
  });

  it('never sells below the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 900, max: 1_010 }),
        fc.boolean(),
        (percent, permille, partial) => {
          const chain = model('paying');
          // A thin pool, so that the stake moves its price.
          Object.assign(chain.subnet, { taoIn: 100n * TAO, alphaIn: 10_000n * TAO });
          const price = alphaPrice(chain.subnet);
          const limit = (price * BigInt(permille)) / 1_000n;
          const has = stakeOf(chain.world, HOT, DAVE, 72);
          const said = limited(chain, (has * BigInt(percent)) / 100n, limit, partial);
          if (limit > price) expect(said).toBe('PriceLimitExceeded');
          if (typeof said === 'string')
            expect(['PriceLimitExceeded', 'SlippageTooHigh', 'AmountTooLow']).toContain(said);
          else expect(alphaPrice(chain.subnet)).toBeGreaterThanOrEqual(limit);
          if (partial) expect(said).not.toBe('SlippageTooHigh');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of everything at once, with and without a limit', () => {
    const chain = model('paying');
    const all = (limit_price: bigint | undefined) =>
      chain.call('//Dave', 'SubtensorModule.remove_stake_full_limit', {
        hotkey: HOT,
        netuid: 72,
        limit_price,
      });
    expect(all(10n ** 12n)).toBe('PriceLimitExceeded');
    expect(all(undefined)).not.toBeTypeOf('string');
    expect(stakeOf(chain.world, HOT, DAVE, 72)).toBe(0n);
    expect(all(undefined)).toBe('AmountTooLow');
  });

  it('is refused where the subnet has not started', () => {
    const chain = model('paying');
    chain.subnet.params.subtokenEnabled = false;
    expect(remove(chain, TAO)).toBe('SubtokenDisabled');
  });
});

describe('staking', () => {
  const add = (chain: ReturnType<typeof model>, amount_staked: bigint, hotkey = HOT, netuid = 72) =>
    chain.call('//Alice', 'SubtensorModule.add_stake', { hotkey, netuid, amount_staked });

  it('keeps the account alive, and needs a hotkey that is known', () => {
    const chain = model('paying');
    expect(add(chain, 1_999_999n)).toBe('AmountTooLow');
    expect(add(chain, TAO, keyOf('//Bob//hot'))).toBe('HotKeyAccountNotExists');
    expect(add(chain, freeOf(chain.world, ALICE))).toBe('NotEnoughBalanceToStake');
    expect(add(chain, freeOf(chain.world, ALICE) - 500n)).not.toBeTypeOf('string');
    expect(freeOf(chain.world, ALICE)).toBe(500n);
  });

  it('on the root network is one for one', () => {
    const chain = model('paying');
    add(chain, TAO, HOT, 0);
    expect(stakeOf(chain.world, HOT, ALICE, 0)).toBe(TAO);
  });
});

describe('transfers', () => {
  const send = (chain: ReturnType<typeof model>, name: string, args: object, who = '//Dave') =>
    chain.call(who, `Balances.${name}`, { dest: { Id: ALICE }, ...args });

  it('keep the sender alive, or do away with it', () => {
    const chain = model('paying');
    const free = freeOf(chain.world, DAVE);
    expect(send(chain, 'transfer_keep_alive', { value: free })).toBe('NotExpendable');
    expect(send(chain, 'transfer_keep_alive', { value: free + 1n })).toBe('FundsUnavailable');
    expect(send(chain, 'transfer_keep_alive', { value: TAO })).not.toBeTypeOf('string');
    named(send(chain, 'transfer_all', { keep_alive: true }), 'Transfer');
    expect(freeOf(chain.world, DAVE)).toBe(500n);
    named(send(chain, 'transfer_allow_death', { value: 400n }), 'KilledAccount');
    expect(freeOf(chain.world, DAVE)).toBe(0n);
  });

  it('do not open an account below the existential deposit', () => {
    const chain = model('paying');
    const dest = { Id: keyOf('//Ferdie') };
    expect(chain.call('//Dave', 'Balances.transfer_keep_alive', { dest, value: 499n })).toBe('BelowMinimum');
    named(chain.call('//Dave', 'Balances.transfer_keep_alive', { dest, value: 500n }), 'NewAccount');
  });
});
