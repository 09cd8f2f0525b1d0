import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarExact } from '../../../src/evaluate/figures/mcnemar.ts';

const count = fc.integer({ min: 0, max: 3_000 });

describe("McNemar's exact test", () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [0, 6, 0.03125],
    [8, 2, 0.109375],
    [10, 10, 1],
  ])('of %d against %d gives %d', (a, b, p) => {
    expect(mcnemarExact(a, b)).toBeCloseTo(p, 12);
  });

  it('is symmetric, a probability, and falls as the division grows more uneven', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const p = mcnemarExact(a, b);
        expect(mcnemarExact(b, a)).toBe(p);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        if (a > b && b > 0) expect(mcnemarExact(a + 1, b - 1)).toBeLessThanOrEqual(p);
      }),
    );
  });
});
