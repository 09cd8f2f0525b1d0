import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wilson } from '../../src/statistics/index.ts';

it('holds the share itself, within [0, 1]', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (of, part) => {
        const share = Math.round(part * of) / of;
        const { low, high } = wilson(share, of);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
      },
    ),
  );
});

it('is as published (Newcombe 1998, table I, method 3)', () => {
  expect(wilson(81 / 263, 263).low).toBeCloseTo(0.2553, 4);
  expect(wilson(81 / 263, 263).high).toBeCloseTo(0.3662, 4);
  expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
});

it('knows nothing of nothing', () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }));
