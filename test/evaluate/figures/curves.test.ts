import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestThreshold, calibrationBins, thresholdCurve } from '../../../src/evaluate/figures/curves.ts';
import { figuresOf } from '../../../src/evaluate/figures/figures.ts';
import { type Judged, tabulate } from '../../../src/evaluate/figures/table.ts';
import { anyAnswers, drawnAnswers } from './answers.ts';

describe('the threshold curve', () => {
  it('has at one half what the model earns', () => {
    const table = tabulate(drawnAnswers(200, 1, 0.9, 1));
    const at = thresholdCurve(table).find(({ threshold }) => threshold === 0.5);
    const { sensitivity, specificity, reward } = figuresOf(table);
    expect(at).toMatchObject({ sensitivity, specificity });
    expect(at?.reward).toBeCloseTo(reward ?? 0, 12);
  });

  it('recognises less roadwork and more of the rest as the threshold rises', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const curve = thresholdCurve(tabulate(answers));
        expect(curve).toHaveLength(101);
        curve.slice(1).forEach((point, i) => {
          const before = curve[i];
          if (point.sensitivity !== null)
            expect(point.sensitivity).toBeLessThanOrEqual(before?.sensitivity ?? 0);
          if (point.specificity !== null)
            expect(point.specificity).toBeGreaterThanOrEqual(before?.specificity ?? 1);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('finds a shifted threshold, and keeps one half where nothing is better', () => {
    const shifted = drawnAnswers(400, 1, 1, 1).map((a): Judged => ({ ...a, p: a.p * 0.5 }));
    expect(bestThreshold(thresholdCurve(tabulate(shifted)))?.threshold).toBe(0.25);
    const usual = drawnAnswers(400, 1, 1, 1);
    expect(bestThreshold(thresholdCurve(tabulate(usual)))?.threshold).toBe(0.5);
  });
});

describe('the calibration bins', () => {
  it('hold every answer, and their gaps make up the calibration error', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const table = tabulate(answers);
        const bins = calibrationBins(table);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(answers.length);
        const gap = bins.reduce(
          (sum, { count, said, was }) => sum + count * Math.abs((said ?? 0) - (was ?? 0)),
          0,
        );
        expect(gap / answers.length).toBeCloseTo(figuresOf(table).ece ?? -1, 10);
      }),
    );
  });
});
