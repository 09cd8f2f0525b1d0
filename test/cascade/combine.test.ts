import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combiner, logit, sigmoid, subsets } from '../../src/cascade/index.ts';

const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test('the combination is the sigmoid of the weighted logits, for exactly the stages that answered', () => {
  const three = fc.tuple(probability, probability, probability);
  const weight = fc.double({ min: 0, max: 3, noNaN: true });
  const weights = fc.tuple(weight, weight, weight, fc.double({ min: -2, max: 2, noNaN: true }));
  fc.assert(
    fc.property(three, weights, fc.integer({ min: 1, max: 7 }), (ps, [a, b, c, bias], mask) => {
      const table = subsets(3).map((stages) => ({
        stages,
        weights: stages.map((place) => [a, b, c][place] ?? 0),
        bias,
      }));
      const answers = ps.map((p, i) => ((mask >> i) & 1 ? p : undefined));
      const expected = answers.reduce<number>(
        (sum, p, i) => sum + (p === undefined ? 0 : ([a, b, c][i] ?? 0) * Math.log(p / (1 - p))),
        bias,
      );
      expect(combiner(table)(answers)).toBeCloseTo(1 / (1 + Math.exp(-expected)), 12);
    }),
  );
});

test('without a table the odds are averaged geometrically', () => {
  fc.assert(
    fc.property(fc.array(probability, { minLength: 1, maxLength: 6 }), (ps) => {
      const odds = ps.reduce((product, p) => product * (p / (1 - p)), 1) ** (1 / ps.length);
      expect(combiner([])(ps)).toBeCloseTo(odds / (1 + odds), 9);
    }),
  );
  expect(combiner([])([undefined, undefined])).toBeUndefined();
  expect(combiner([])([undefined, 0.7])).toBeCloseTo(0.7, 12);
});

test('logits are finite for every probability, and sigmoid undoes them', () => {
  expect([logit(0), logit(1), logit(Number.NaN)]).toEqual([-10, 10, -10]);
  fc.assert(
    fc.property(probability, (p) => {
      expect(sigmoid(logit(p))).toBeCloseTo(p, 12);
    }),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (z) => {
      expect(sigmoid(z)).toBeGreaterThanOrEqual(0);
      expect(sigmoid(z)).toBeLessThanOrEqual(1);
    }),
  );
});

test('every set of stages once', () => {
  expect(subsets(3)).toEqual([[0], [1], [0, 1], [2], [0, 2], [1, 2], [0, 1, 2]]);
});
