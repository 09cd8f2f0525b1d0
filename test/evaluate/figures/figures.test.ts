import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionAt, FIGURES, figuresOf } from '../../../src/evaluate/figures/figures.ts';
import { type Judged, tabulate } from '../../../src/evaluate/figures/table.ts';
import { anyAnswers } from './answers.ts';

const answer = (label: 0 | 1, p: number, cluster = 'a'): Judged => ({ label, p, cluster });
const figures = (answers: readonly Judged[]) => figuresOf(tabulate(answers));

describe('figures of known answers', () => {
  const answers = [
    answer(1, 0.9),
    answer(1, 0.8),
    answer(1, 0.5),
    answer(1, 0.2),
    answer(0, 0.8),
    answer(0, 0.5),
    answer(0, 0.1),
    answer(0, 0),
  ];

  it('counts exactly 0.5 as none', () => {
    expect(confusionAt(tabulate(answers))).toEqual({ tp: 2, fp: 1, fn: 2, tn: 3 });
  });

  it('are those of the textbook', () => {
    const found = figures(answers);
    expect(found.accuracy).toBe(5 / 8);
    expect(found.sensitivity).toBe(2 / 4);
    expect(found.specificity).toBe(3 / 4);
    expect(found.balancedAccuracy).toBe(5 / 8);
    expect(found.mcc).toBeCloseTo((2 * 3 - 1 * 2) / Math.sqrt(3 * 4 * 4 * 5), 12);
    // Of 16 pairs 11 are in the right order, and two are ties.
    expect(found.auc).toBe(12 / 16);
    expect(found.brier).toBeCloseTo((0.01 + 0.04 + 0.25 + 0.64 + 0.64 + 0.25 + 0.01 + 0) / 8, 12);
  });

  it('have no calibration error where what is said is what is', () => {
    const said = [answer(1, 0.25), answer(0, 0.25), answer(0, 0.25), answer(0, 0.25)];
    expect(figures(said).ece).toBe(0);
    expect(figures([answer(0, 1), answer(0, 1)]).ece).toBe(1);
  });

  it('are missing where a class is', () => {
    const found = figures([answer(1, 0.9), answer(1, 0.1)]);
    expect(found).toMatchObject({
      accuracy: 0.5,
      sensitivity: 0.5,
      specificity: null,
      balancedAccuracy: null,
    });
    expect(found).toMatchObject({ mcc: null, auc: null, reward: null });
  });

  it('have no correlation where all answers are of one class', () => {
    expect(figures([answer(1, 0.9), answer(0, 0.8)]).mcc).toBeNull();
  });
});

describe('figures of any answers', () => {
  it('stay within their bounds', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const found = figures(answers);
        for (const name of FIGURES) {
          const value = found[name];
          if (value === null) continue;
          expect(value, name).toBeGreaterThanOrEqual(name === 'mcc' ? -1 : 0);
          expect(value, name).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it('do not depend on the order', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(figures([...answers].reverse())).toEqual(figures(answers));
      }),
    );
  });

  it('weighted twice are those of the answers repeated', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const table = tabulate(answers);
        const twice = new Float64Array(table.clusters[0].length + table.clusters[1].length).fill(2);
        const weighted = figuresOf(table, twice);
        const repeated = figures([...answers, ...answers]);
        for (const name of FIGURES) expect(weighted[name]).toEqual(closeTo(repeated[name]));
      }),
    );
  });

  it('leave out clusters of weight zero', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const table = tabulate([...answers, answer(1, 0.3, 'extra')]);
        const weights = new Float64Array(table.clusters[0].length + table.clusters[1].length).fill(1);
        const place = table.cluster[table.p.findIndex((p, i) => p === 0.3 && table.label[i] === 1)];
        expect(place).toBeDefined();
        weights[place ?? 0] = 0;
        const others = figures(answers);
        const weighted = figuresOf(table, weights);
        for (const name of FIGURES) expect(weighted[name]).toEqual(closeTo(others[name]));
      }),
      { numRuns: 50 },
    );
  });

  it('swap with the classes', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        // Exactly one half counts as none, which is not symmetric.
        const uneven = answers.filter(({ p }) => p !== 0.5);
        if (uneven.length === 0) return;
        const swapped = uneven.map(({ label, p, cluster }) => answer(label === 1 ? 0 : 1, 1 - p, cluster));
        const [a, b] = [figures(uneven), figures(swapped)];
        expect(b.sensitivity).toBe(a.specificity);
        expect(b.mcc).toEqual(closeTo(a.mcc));
        expect(b.reward).toEqual(closeTo(a.reward));
      }),
    );
  });
});

function closeTo(value: number | null): unknown {
  return value === null ? null : expect.closeTo(value, 10);
}
