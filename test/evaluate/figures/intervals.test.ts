import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interval95, resamples } from '../../../src/evaluate/figures/bootstrap.ts';
import { measure } from '../../../src/evaluate/figures/measure.ts';
import { tabulate } from '../../../src/evaluate/figures/table.ts';
import { anyAnswers, drawnAnswers } from './answers.ts';

describe('resamples', () => {
  it('hold as many clusters of each label as there are', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const { clusters } = tabulate(answers);
        for (const weights of resamples(clusters, { resamples: 3 })) {
          for (const group of clusters) {
            expect(group.reduce((sum, place) => sum + (weights[place] ?? 0), 0)).toBe(group.length);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are the same for a seed and others for another', () => {
    const { clusters } = tabulate(drawnAnswers(30, 1, 0.9, 1));
    const drawn = (seed: number) => Array.from(resamples(clusters, { resamples: 5, seed }), (w) => [...w]);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});

describe('the 95 % interval', () => {
  it('cuts a fortieth off each end, as NumPy does', () => {
    const values = Array.from({ length: 1001 }, (_, i) => i);
    expect(interval95(values)).toEqual({ low: 25, high: 975 });
    expect(interval95([4])).toBeUndefined();
  });

  it('covers the truth about as often as it says', () => {
    let covered = 0;
    const rounds = 80;
    for (let seed = 0; seed < rounds; seed++) {
      const { accuracy } = measure(drawnAnswers(120, 1, 0.9, seed), { resamples: 150 }).values;
      if ((accuracy.low ?? 1) <= 0.9 && 0.9 <= (accuracy.high ?? 0)) covered++;
    }
    expect(covered / rounds).toBeGreaterThan(0.85);
    expect(covered / rounds).toBeLessThan(1);
  }, 120_000);

  it('is wider where the views of a picture go together than where each is evidence of its own', () => {
    const views = drawnAnswers(40, 1, 0.8, 3).flatMap((one) => Array.from({ length: 9 }, () => one));
    const independent = views.map((each, i) => ({ ...each, cluster: String(i) }));
    const width = (answers: typeof views) => {
      const { low, high } = measure(answers, { resamples: 300 }).values.accuracy;
      return (high ?? 0) - (low ?? 0);
    };
    expect(width(views)).toBeGreaterThan(2 * width(independent));
  });

  it('says how little a few mistakes without a hit prove', () => {
    const wrong = Array.from({ length: 20 }, (_, i) => {
      const label = i < 10 ? 1 : 0;
      return { label, p: 1 - label, cluster: String(i) } as const;
    });
    const { accuracy, sensitivity, mcc, reward } = measure(wrong).values;
    expect(sensitivity).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.308, 2) });
    expect(accuracy).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.154, 2) });
    expect(mcc.high).toBeGreaterThan(-1);
    expect(reward.high).toBeGreaterThanOrEqual(reward.value ?? 1);
  });

  it('says how little a few answers without a mistake prove', () => {
    const { accuracy, reward, sensitivity } = measure(drawnAnswers(20, 1, 1, 1)).values;
    expect(accuracy.value).toBe(1);
    // With ten pictures a mistake in three hides once in forty times: 0.69 ** 10 = 0.025.
    expect(sensitivity.low).toBeCloseTo(0.69, 2);
    expect(accuracy.low).toBeLessThan(0.9);
    expect(reward.low).toBeLessThan(0.6);
    expect(reward.high).toBe(1);
    const many = measure(drawnAnswers(2000, 1, 1, 1), { resamples: 100 }).values;
    expect(many.reward.low).toBeGreaterThan(0.98);
  });

  it('of any answers holds the figure itself', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const { values, count, confusion } = measure(answers, { resamples: 60 });
        expect(confusion.tp + confusion.fp + confusion.fn + confusion.tn).toBe(count);
        for (const { value, low, high } of Object.values(values)) {
          if (value === null) expect([low, high]).toEqual([null, null]);
          else if (low !== null && high !== null) expect(low).toBeLessThanOrEqual(high);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('depends on nothing but answers and seed', () => {
    const answers = drawnAnswers(50, 3, 0.9, 5);
    expect(measure([...answers].reverse(), { seed: 4 })).toEqual(measure(answers, { seed: 4 }));
    expect(measure(answers, { seed: 5 })).not.toEqual(measure(answers, { seed: 4 }));
  });
});
