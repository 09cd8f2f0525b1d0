import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/simulate/index.ts';

describe('random numbers', () => {
  it('are the same for the same seed, on every machine', () => {
    const rng = createRandom(72, 'example');
    expect(Array.from({ length: 4 }, () => rng.integer(0, 999_999))).toMatchInlineSnapshot(`
      [
        612600,
        151806,
        890073,
        989023,
      ]
    `);
  });

  it('differ between seeds and between streams of a seed', () => {
    const first = (seed: number, stream?: string): number => createRandom(seed, stream).next();
    expect(new Set(Array.from({ length: 1000 }, (_, seed) => first(seed))).size).toBe(1000);
    expect(first(1, 'a')).not.toBe(first(1, 'b'));
    expect(first(1)).not.toBe(first(1 + 2 ** 32));
  });

  it('stay in range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, span) => {
        const rng = createRandom(seed);
        for (let i = 0; i < 50; i++) {
          const whole = rng.integer(low, low + span);
          expect(Number.isInteger(whole) && whole >= low && whole <= low + span).toBe(true);
          const real = rng.uniform(low, low + span + 1);
          expect(real >= low && real < low + span + 1).toBe(true);
        }
      }),
    );
  });

  it('are normal where they say so', () => {
    const rng = createRandom(5);
    const values = Array.from({ length: 20_000 }, rng.normal);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    expect(values.filter((v) => Math.abs(v) > 1.96).length / values.length).toBeCloseTo(0.05, 1);
  });
});
