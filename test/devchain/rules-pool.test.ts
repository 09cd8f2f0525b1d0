import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DispatchFailure } from '../support/devchain/model.ts';
import {
  alphaPrice,
  buyAlpha,
  mostToBuy,
  mostToSell,
  quoteBuy,
  quoteSell,
  sellAlpha,
} from '../support/devchain/rules/pool.ts';
import { strangerKey } from '../support/devchain/scenarios/index.ts';
import { addSubnet, createWorld } from '../support/devchain/world/index.ts';

const reserve = fc.bigInt(10n ** 9n, 10n ** 16n);
const amount = fc.bigInt(0n, 10n ** 13n);

function pool(taoIn: bigint, alphaIn: bigint) {
  const world = createWorld({ blockNumber: 1, timestamp: 0 });
  const owner = strangerKey('owner');
  return addSubnet(world, {
    netuid: 7,
    name: '',
    symbol: '',
    owner,
    ownerHotkey: owner,
    registeredAt: 1,
    taoIn,
    alphaIn,
  });
}

it('the product of the reserves never sinks, and nobody gains by going there and back', () => {
  fc.assert(
    fc.property(reserve, reserve, amount, (tao, alpha, spent) => {
      fc.pre(spent <= tao);
      const subnet = pool(tao, alpha);
      const bought = buyAlpha(subnet, spent);
      expect(bought.paidIn + bought.fee).toBe(spent);
      expect(subnet.taoIn * subnet.alphaIn).toBeGreaterThanOrEqual(tao * alpha);
      const back = sellAlpha(subnet, bought.paidOut);
      expect(back.paidOut).toBeLessThanOrEqual(spent);
      expect(back.paidIn + back.fee).toBe(bought.paidOut);
      // 33 parts of 65535, truncated twice.
      const exact = (bought.paidOut * 33n) / 65_535n;
      expect(exact - back.fee === 0n || exact - back.fee === 1n).toBe(true);
      expect(subnet.taoIn * subnet.alphaIn).toBeGreaterThanOrEqual(tao * alpha);
    }),
  );
});

it('a limit is where the price gets to, and no further', () => {
  fc.assert(
    fc.property(reserve, reserve, fc.integer({ min: 1, max: 50 }), (tao, alpha, percent) => {
      const subnet = pool(tao, alpha);
      const price = alphaPrice(subnet);
      fc.pre(price > 1_000n);
      const above = (price * BigInt(100 + percent)) / 100n;
      const most = mostToBuy(subnet, above);
      buyAlpha(subnet, most);
      expect(alphaPrice(subnet)).toBeLessThanOrEqual(above);
      const other = pool(tao, alpha);
      const below = (price * 100n) / BigInt(100 + percent);
      sellAlpha(other, mostToSell(other, below));
      expect(alphaPrice(other)).toBeGreaterThanOrEqual(below);
    }),
    { numRuns: 50 },
  );
});

it('lets nothing through a limit that is passed already, and quotes without a change', () => {
  const subnet = pool(10n ** 12n, 10n ** 13n);
  expect(mostToBuy(subnet, alphaPrice(subnet) - 1n)).toBe(0n);
  expect(mostToSell(subnet, alphaPrice(subnet) + 1n)).toBe(0n);
  quoteBuy(subnet, 10n ** 9n);
  quoteSell(subnet, 10n ** 9n);
  expect([subnet.taoIn, subnet.alphaIn]).toEqual([10n ** 12n, 10n ** 13n]);
});

it('refuses an empty pool and an input beyond a thousand reserves', () => {
  expect(() => quoteBuy(pool(10n ** 9n, 1n), 1_000n)).toThrow(DispatchFailure);
  expect(() => quoteSell(pool(10n ** 9n, 10n ** 9n), 10n ** 12n + 1n)).toThrow(DispatchFailure);
});
