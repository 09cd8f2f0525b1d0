import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decayed, decayFactor, raised } from '../support/devchain/rules/price.ts';
import { U64F64_ONE } from '../support/devchain/world/index.ts';

const price = fc.bigInt(1n, 10n ** 13n);
const halfLife = fc.integer({ min: 1, max: 65_535 });

it('halves a price in its half-life, give or take the truncation of each block', () => {
  fc.assert(
    fc.property(fc.bigInt(10n ** 9n, 10n ** 13n), fc.integer({ min: 1, max: 2_000 }), (start, life) => {
      let now = start;
      for (let block = 0; block < life; block++) now = decayed(now, life, 0n, start);
      // A truncated rao a block, and the factor's own error of 2^-32 a block.
      const slack = BigInt(life) * (2n + (start >> 31n));
      expect(now).toBeLessThanOrEqual(start / 2n + slack);
      expect(now).toBeGreaterThanOrEqual(start / 2n - slack);
    }),
    { numRuns: 40 },
  );
});

it('finds the greatest factor that halves', () => {
  fc.assert(
    fc.property(halfLife, (life) => {
      const factor = decayFactor(life);
      expect(factor).toBeLessThan(1n << 32n);
      expect(factor).toBeGreaterThan(0n);
    }),
    { numRuns: 100 },
  );
  expect(decayFactor(0)).toBe(1n << 32n);
  // 2^(-1/360) = 0.998076…
  expect(Number(decayFactor(360)) / 2 ** 32).toBeCloseTo(2 ** (-1 / 360), 7);
});

it('never leaves its bounds and never rises by itself', () => {
  fc.assert(
    fc.property(price, halfLife, price, price, (start, life, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const next = decayed(start, life, low, high);
      expect(next >= low && next <= high).toBe(true);
      if (start >= low) expect(next).toBeLessThanOrEqual(start);
    }),
  );
});

it('rises with a registration by the multiplier, which counts as at least one', () => {
  fc.assert(
    fc.property(price, fc.bigInt(0n, 4n * U64F64_ONE), (start, multiplier) => {
      const next = raised(start, multiplier, 0n, 10n ** 15n);
      expect(next).toBeGreaterThanOrEqual(start);
      if (multiplier > U64F64_ONE) expect(next).toBe((start * multiplier) / U64F64_ONE);
    }),
  );
  expect(raised(100n, U64F64_ONE * 2n, 0n, 150n)).toBe(150n);
});
