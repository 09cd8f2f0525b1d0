import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpha, rao } from '../../../src/amount/index.ts';
import {
  limitPrice,
  readAvailability,
  readQuote,
  readStake,
  readStakes,
  soldStake,
  submit,
  worth,
} from '../../../src/chain/index.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import { type Connected, connected } from '../connected.ts';

const TAO = 1_000_000_000n;
const coldkey = keypairFromUri('//Bob');
const hotkey = keypairFromUri('//Bob//miner').ss58;
const at = { hotkey, coldkey: coldkey.ss58, netuid: 72 };

describe('stake with collateral', () => {
  let open: Connected;
  beforeAll(async () => {
    open = await connected({ variant: 'newer', scenario: 'collateral', slotMs: 'instant' });
    const { chain } = open;
    const register = { netuid: 72, hotkey, limit_price: TAO };
    await submit(chain, chain.compose('SubtensorModule', 'register_limit', register), { signer: coldkey });
    const add = { hotkey, netuid: 72, amount_staked: TAO };
    await submit(chain, chain.compose('SubtensorModule', 'add_stake', add), { signer: coldkey });
  });
  afterAll(() => open.close());

  const remove = (amount: bigint, limit: bigint) =>
    submit(
      open.chain,
      open.chain.compose('SubtensorModule', 'remove_stake_limit', {
        hotkey,
        netuid: 72,
        amount_unstaked: amount,
        limit_price: limit,
        allow_partial: false,
      }),
      { signer: coldkey },
    );

  it('is available but for what is locked, to the last rao', async () => {
    const { chain } = open;
    const position = await readStake(chain, at);
    if (!position) throw new Error('nothing is staked');
    expect(await readStakes(chain, coldkey.ss58)).toContainEqual(position);
    const { available, locked, stake } = await readAvailability(chain, position);
    expect(locked).toBeGreaterThan(0n);
    expect(available + locked).toBe(stake);
    await expect(remove(available + 1n, 1n)).rejects.toMatchObject({ details: { name: 'StakeUnavailable' } });
    const quote = await readQuote(chain, 72, available);
    const sold = await remove(available, limitPrice(quote.price, 50));
    expect(soldStake(sold.events, at)).toEqual({ alpha: available, tao: quote.tao });
    const rest = await readStake(chain, at);
    expect(rest && (await readAvailability(chain, rest)).available).toBe(0n);
  });
});

describe('a price limit', () => {
  it('lies so many per cent below the price, never above', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 0, max: 9_999 }), (price, hundredths) => {
        const limit = limitPrice(rao(price), hundredths / 100);
        expect(limit).toBeLessThanOrEqual(price);
        const exact = (Number(price) * (10_000 - hundredths)) / 10_000;
        expect(Math.abs(Number(limit) - exact)).toBeLessThanOrEqual(1 + exact * 1e-7);
      }),
    );
  });

  it.each([-1, 100, Number.NaN, Number.POSITIVE_INFINITY])('%s per cent are none', (percent) => {
    expect(() => limitPrice(rao(1n), percent)).toThrow(/percentage/);
  });

  it('bounds what a sale brings', () => {
    expect(worth(alpha(2n * TAO), rao(12_000_000n))).toBe(24_000_000n);
  });
});
