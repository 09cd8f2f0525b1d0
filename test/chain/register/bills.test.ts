import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rao } from '../../../src/amount/index.ts';
import { billOf, mostTaken, suggestedCeiling } from '../../../src/chain/register/bills.ts';
import type { Survey } from '../../../src/chain/register/survey.ts';
import { NO_COLLATERAL } from '../../../src/chain/rules/index.ts';

/** A survey of `count` hotkeys that are to be registered. */
function survey(price: bigint, count: number, more: Partial<Survey> = {}): Survey {
  return {
    head: { hash: '0x00', parent: '0x00', number: 1 },
    netuid: 72,
    price: rao(price),
    rule: {
      kind: 'continuous',
      halfLife: 360,
      increaseBits: (126n << 64n) / 100n,
      min: rao(500_000n),
      max: rao(100_000_000_000n),
    },
    history: [],
    hotkeys: Array.from({ length: count }, (_, index) => ({
      target: { ss58: `5${index}` },
      uid: undefined,
      owner: undefined,
      collateral: NO_COLLATERAL,
    })),
    burnAllowed: true,
    pow: undefined,
    intervalFull: false,
    slot: { kind: 'free', uid: 0 },
    leaving: [],
    freeSlots: 256,
    maxUids: 256,
    immunityPeriod: 4_096,
    coldkey: { ss58: '5C', funds: { free: rao(10n ** 12n), reserved: rao(0n), frozen: rao(0n) } },
    proxy: undefined,
    coldkeySwap: false,
    keepAlive: true,
    existentialDeposit: rao(500n),
    ...more,
  };
}

const price = fc.bigInt(500_000n, 10_000_000_000n);
const count = fc.integer({ min: 1, max: 5 });
const fee = rao(2_000_000n);

test('what is suggested covers all of the run and one other before each, and can be typed', () => {
  fc.assert(
    fc.property(price, count, (now, hotkeys) => {
      const suggested = suggestedCeiling(survey(now, hotkeys));
      const last =
        billOf(survey(now, hotkeys), { price: rao(now), fee, way: 'burn' })?.lines.at(-1)?.bill.price ?? 0n;
      expect(suggested).toBeGreaterThanOrEqual((last * 125n) / 100n);
      expect(suggested.toString().replace(/0+$/, '').length).toBeLessThanOrEqual(3);
    }),
  );
});

test('at the suggested ceiling the run takes at least the bill', () => {
  fc.assert(
    fc.property(price, count, (now, hotkeys) => {
      const seen = survey(now, hotkeys);
      const bill = billOf(seen, { price: rao(now), fee, way: 'burn' });
      expect(mostTaken(seen, suggestedCeiling(seen), fee)).toBeGreaterThanOrEqual(bill?.total ?? 0n);
      expect(bill?.remaining).toBe((bill?.free ?? 0n) - (bill?.total ?? 0n));
    }),
  );
});

test('a hotkey that is registered costs nothing', () => {
  const seen = survey(80_000_000n, 2);
  const [first, second] = seen.hotkeys;
  const done = {
    ...seen,
    hotkeys: [first && { ...first, uid: 7 }, second].filter((one) => one !== undefined),
  };
  expect(billOf(done, { price: seen.price, fee, way: 'burn' })?.charge).toBe(80_000_000n);
});

test('a proof of work costs the fee alone', () => {
  const bill = billOf(survey(80_000_000n, 2), { price: rao(80_000_000n), fee, way: 'pow' });
  expect(bill).toMatchObject({ charge: 0n, fee: 2n * fee, total: 2n * fee });
});

test('who is short is told by how much: for the last of several too', () => {
  const funds = { free: rao(100_000_000n), reserved: rao(0n), frozen: rao(0n) };
  const seen = survey(80_000_000n, 2, { coldkey: { ss58: '5C', funds } });
  const bill = billOf(seen, { price: seen.price, fee, way: 'burn' });
  expect(bill?.shortfall).toBe((bill?.total ?? 0n) + 500n - funds.free);
});
