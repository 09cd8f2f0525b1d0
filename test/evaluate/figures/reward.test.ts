import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedReward, rewardTable } from '../../../src/evaluate/figures/reward.ts';
import { type Answer, createRandom, score } from '../../../src/simulate/index.ts';

const rate = fc.double({ min: 0, max: 1, noNaN: true });

describe('the expected reward', () => {
  it.each([
    [0.97, 0.97],
    [0.9, 0.99],
    [0.6, 0.8],
    [0.5, 0.5],
    [0.2, 0.3],
  ])('at %d and %d is what a long history of validators comes to', (sensitivity, specificity) => {
    const rng = createRandom(7, 'history');
    const history = Array.from({ length: 30_000 }, (): Answer => {
      const label = rng.chance(0.5) ? 1 : 0;
      const right = rng.chance(label === 1 ? sensitivity : specificity);
      return { label, prediction: right === (label === 1) ? 0.9 : 0.1 };
    });
    const settled = score(history).answers.slice(100);
    const mean = settled.reduce((sum, { reward }) => sum + reward, 0) / settled.length;
    // 300 windows that do not overlap: the mean itself is only known to about a hundredth.
    expect(Math.abs(expectedReward(sensitivity, specificity) - mean)).toBeLessThan(0.02);
  });

  it('is 1 without mistakes, and next to nothing for one who always says the same', () => {
    expect(expectedReward(1, 1)).toBe(1);
    expect(expectedReward(1, 0)).toBeLessThan(0.03);
    expect(expectedReward(0, 0)).toBe(0);
  });

  it('does not care which class is called roadwork', () => {
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        expect(expectedReward(a, b)).toBeCloseTo(expectedReward(b, a), 9);
      }),
      { numRuns: 30 },
    );
  });

  it('grows with either rate from a coin upwards', () => {
    const better = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(better, better, better, (a, b, c) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(expectedReward(high, c)).toBeGreaterThanOrEqual(expectedReward(low, c) - 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('from the table differs by less than 1e-4', () => {
    const table = rewardTable();
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        expect(Math.abs(table(a, b) - expectedReward(a, b))).toBeLessThan(1e-4);
      }),
      { numRuns: 60 },
    );
    expect(table(1, 1)).toBe(expectedReward(1, 1));
  });
});
