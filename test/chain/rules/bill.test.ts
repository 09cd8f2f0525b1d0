import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alpha, rao } from '../../../src/amount/index.ts';
import {
  type BillInput,
  mostCharged,
  NO_COLLATERAL,
  registrationBill,
  registrationBills,
  registrationCharge,
  spendable,
} from '../../../src/chain/index.ts';

const ED = rao(500n);
const amount = fc.bigInt(0n, 200_000_000_000n).map(rao);
const collateral = fc.record({
  lockShare: fc.integer({ min: 0, max: 62_258 }),
  standing: fc.bigInt(0n, 10n ** 12n).map(alpha),
  movingPriceBits: fc.bigInt(0n, 1n << 33n),
});
const input: fc.Arbitrary<BillInput> = fc.record({
  price: amount,
  collateral,
  fee: fc.bigInt(0n, 10_000_000n).map(rao),
  funds: fc.record({ free: amount, reserved: fc.constant(rao(0n)), frozen: fc.constant(rao(0n)) }),
  existentialDeposit: fc.constant(ED),
  rule: fc.constantFrom('keep-alive' as const, 'clipped' as const),
});

describe('a registration’s bill', () => {
  it('has parts that add up', () => {
    fc.assert(
      fc.property(input, (given) => {
        const bill = registrationBill(given);
        expect(bill.burned + bill.lockRequired).toBe(bill.price);
        expect(bill.credit + bill.locked).toBe(bill.lockRequired);
        expect(bill.burned + bill.locked).toBe(bill.charge);
        expect(bill.charge + bill.fee).toBe(bill.total);
        if (given.rule === 'keep-alive') expect(bill.free - bill.total).toBe(bill.remaining);
        else expect(bill.free - bill.total).toBeLessThanOrEqual(bill.remaining);
        for (const part of [bill.burned, bill.lockRequired, bill.credit, bill.locked]) {
          expect(part).toBeGreaterThanOrEqual(0n);
        }
        expect(bill.charge).toBeLessThanOrEqual(bill.price);
      }),
    );
  });

  it('suffices exactly when nothing is missing', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { required, shortfall } = registrationBill(given);
        const just = (free: bigint) =>
          registrationBill({ ...given, funds: { ...given.funds, free: rao(free) } });
        expect(shortfall).toBe(required > given.funds.free ? required - given.funds.free : 0n);
        expect(just(required).shortfall).toBe(0n);
        if (required > 0n) expect(just(required - 1n).shortfall).toBe(1n);
      }),
    );
  });

  it('never exceeds what the ceiling allows', () => {
    fc.assert(
      fc.property(amount, amount, collateral, (price, limit, terms) => {
        fc.pre(price <= limit);
        expect(registrationCharge(price, terms).charge).toBeLessThanOrEqual(mostCharged(limit, terms) + 1n);
        expect(registrationCharge(price, terms).charge).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('splits as U64F64 does: a lock that would come out even is a rao less', () => {
    const fifth = { ...NO_COLLATERAL, lockShare: 13_107 };
    expect(registrationCharge(rao(1_000_000n), fifth)).toMatchObject({
      lockRequired: 199_999n,
      burned: 800_001n,
    });
    expect(registrationCharge(rao(1_000_001n), fifth)).toMatchObject({
      lockRequired: 200_000n,
      burned: 800_001n,
    });
  });

  it('credits what is locked already at the moving price', () => {
    const terms = { lockShare: 32_768, standing: alpha(1_000_000_000n), movingPriceBits: 1n << 30n };
    const charge = registrationCharge(rao(1_000_000_000n), terms);
    expect(charge).toMatchObject({ lockRequired: 500_007_629n, credit: 250_000_000n, locked: 250_007_629n });
  });

  it('asks for the existential deposit by the newer rule, and leaves it by the older one', () => {
    const given: BillInput = {
      price: rao(1_000_000n),
      collateral: NO_COLLATERAL,
      fee: rao(2_000n),
      funds: { free: rao(1_002_000n), reserved: rao(0n), frozen: rao(0n) },
      existentialDeposit: ED,
      rule: 'keep-alive',
    };
    expect(registrationBill(given)).toMatchObject({ shortfall: 500n });
    expect(registrationBill({ ...given, rule: 'clipped' })).toMatchObject({
      shortfall: 0n,
      remaining: 500n,
    });
  });

  it('of several counts against what the ones before have left', () => {
    const common = {
      fee: rao(10n),
      funds: { free: rao(1_000n), reserved: rao(0n), frozen: rao(0n) },
      existentialDeposit: ED,
      rule: 'keep-alive' as const,
    };
    const bills = registrationBills(
      [100n, 126n, 158n].map((price) => ({ price: rao(price), collateral: NO_COLLATERAL })),
      common,
    );
    expect(bills.map(({ remaining }) => remaining)).toEqual([890n, 754n, 586n]);
  });

  it('knows what may leave an account', () => {
    const funds = { free: rao(10_000n), reserved: rao(100n), frozen: rao(3_000n) };
    expect(spendable(funds, ED, true)).toBe(7_100n);
    expect(spendable({ ...funds, frozen: rao(0n) }, ED, true)).toBe(9_500n);
    expect(spendable({ ...funds, frozen: rao(0n) }, ED, false)).toBe(10_000n);
    expect(spendable({ ...funds, free: rao(10n) }, ED, true)).toBe(0n);
  });
});
