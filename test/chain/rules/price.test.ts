import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rao } from '../../../src/amount/index.ts';
import {
  blocksUntilPrice,
  decayFactor,
  type PriceRule,
  priceAfterBlocks,
  priceAfterRegistrations,
  priceMovement,
} from '../../../src/chain/index.ts';

const ONE = 1n << 64n;

/** The defaults of spec 424: halves in 360 blocks, times 1.26 for a registration, between 0.0005 and 100 TAO. */
const RULE = {
  kind: 'continuous',
  halfLife: 360,
  increaseBits: (126n * ONE) / 100n,
  min: rao(500_000n),
  max: rao(100_000_000_000n),
} as const satisfies PriceRule;

const price = fc.bigInt(RULE.min, RULE.max).map(rao);

describe('the registration price', () => {
  it('halves in its half-life', () => {
    for (const halfLife of [1, 2, 10, 360, 7200, 65_535]) {
      const factor = decayFactor(halfLife);
      const kept = (Number(factor) / 2 ** 32) ** halfLife;
      // The runtime truncates in Q32, so the longer the half-life the coarser the factor.
      expect(Math.abs(kept - 0.5)).toBeLessThan(1e-6 + 1e-8 * halfLife);
    }
  });

  it('stands still without a half-life', () => {
    expect(priceAfterBlocks(rao(7_000_000n), 10_000, { ...RULE, halfLife: 0 })).toBe(7_000_000n);
  });

  it('stays between floor and ceiling', () => {
    fc.assert(
      fc.property(price, fc.nat(5_000), fc.nat(60), (start, blocks, registrations) => {
        const later = priceAfterRegistrations(priceAfterBlocks(start, blocks, RULE), registrations, RULE);
        expect(later).toBeGreaterThanOrEqual(RULE.min);
        expect(later).toBeLessThanOrEqual(RULE.max);
      }),
    );
  });

  it('passes the same whether blocks are counted at once or in parts', () => {
    fc.assert(
      fc.property(price, fc.nat(800), fc.nat(800), (start, first, second) => {
        const inParts = priceAfterBlocks(priceAfterBlocks(start, first, RULE), second, RULE);
        expect(inParts).toBe(priceAfterBlocks(start, first + second, RULE));
      }),
    );
  });

  it('is reached in the very block that is foretold', () => {
    fc.assert(
      fc.property(price, price, (start, target) => {
        const blocks = blocksUntilPrice(start, target, RULE);
        expect(blocks).toBeDefined();
        expect(priceAfterBlocks(start, blocks ?? 0, RULE)).toBeLessThanOrEqual(target);
        if (blocks) expect(priceAfterBlocks(start, blocks - 1, RULE)).toBeGreaterThan(target);
      }),
      { numRuns: 30 },
    );
  });

  it('never gets below its floor, and says so', () => {
    expect(blocksUntilPrice(rao(1_000_000n), rao(499_999n), RULE)).toBeUndefined();
    expect(blocksUntilPrice(rao(1_000_000n), rao(900_000n), { ...RULE, halfLife: 0 })).toBeUndefined();
  });

  it('rises by 1.26 for each registration', () => {
    expect(priceAfterRegistrations(rao(1_000_000n), 1, RULE)).toBe(1_259_999n); // 1.26 is not exact in binary
    expect(priceAfterRegistrations(rao(1_000_000n), 3, RULE)).toBe(2_000_373n);
    expect(priceAfterRegistrations(rao(1_000_000n), 3, { ...RULE, increaseBits: ONE / 2n })).toBe(1_000_000n);
  });

  it('shows how many registered in the past', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ blocks: fc.integer({ min: 1, max: 100 }), bumps: fc.nat(3) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (steps) => {
          let sample = { block: 1_000, price: rao(50_000_000n) };
          const samples = [sample];
          for (const { blocks, bumps } of steps) {
            const bumped = priceAfterRegistrations(priceAfterBlocks(sample.price, blocks, RULE), bumps, RULE);
            sample = { block: sample.block + blocks, price: bumped };
            samples.push(sample);
          }
          const total = steps.reduce((sum, { bumps }) => sum + bumps, 0);
          expect(priceMovement(samples.toReversed(), RULE)?.registrations).toBe(total);
        },
      ),
    );
  });
});
