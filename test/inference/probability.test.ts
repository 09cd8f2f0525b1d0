import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { probabilityAt } from '../../src/inference/probability.ts';

const none = { inGraph: true, temperature: 1, bias: 0 };
const outside = { inGraph: false, temperature: 2, bias: 0.5 };
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('a probability', () => {
  const rule = { kind: 'probability', positiveIndex: 1, calibration: none } as const;

  test('is taken as it is, float rounding at the edges aside', () => {
    expect(probabilityAt([0.25, 0.75], 1, rule)).toBe(0.75);
    expect(probabilityAt([1.000001, -0.000001], 0, rule)).toBe(1);
    expect(probabilityAt([1.000001, -0.000001], 1, rule)).toBe(0);
  });

  test('that is none is not a number', () => {
    for (const value of [3.2, -0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(probabilityAt([value], 0, rule)).toBeNaN();
    }
    expect(probabilityAt([], 0, rule)).toBeNaN();
  });

  test('is calibrated on its logit, and stays at the edges', () => {
    const calibrated = { ...rule, calibration: outside };
    expect(probabilityAt([sigmoid(1.5)], 0, calibrated)).toBeCloseTo(sigmoid(0.5), 12);
    expect(probabilityAt([0], 0, calibrated)).toBe(0);
    expect(probabilityAt([1], 0, calibrated)).toBe(1);
  });
});

test('two logits are a softmax; which one is positive matters', () => {
  for (const positiveIndex of [0, 1] as const) {
    const rule = { kind: 'two-class', positiveIndex, calibration: none } as const;
    const exp = [Math.exp(0.3), Math.exp(-1.2)];
    const share = (exp[positiveIndex] ?? 0) / (Math.exp(0.3) + Math.exp(-1.2));
    expect(probabilityAt([9, 9, 0.3, -1.2], 1, rule)).toBeCloseTo(share, 12);
  }
});

test('a calibration that is in the graph is not applied again', () => {
  const rule = { kind: 'logit', positiveIndex: 1 } as const;
  expect(probabilityAt([2], 0, { ...rule, calibration: { ...outside, inGraph: true } })).toBe(sigmoid(2));
  expect(probabilityAt([2], 0, { ...rule, calibration: outside })).toBe(sigmoid(0.75));
});

test('any logit gives a probability in [0, 1], or nothing for what is no number', () => {
  fc.assert(
    fc.property(fc.double(), fc.double({ min: 0.01, max: 100, noNaN: true }), (logit, temperature) => {
      const calibration = { inGraph: false, temperature, bias: 0 };
      const p = probabilityAt([logit], 0, { kind: 'logit', positiveIndex: 1, calibration });
      if (Number.isNaN(logit)) expect(p).toBeNaN();
      else expect(p >= 0 && p <= 1).toBe(true);
    }),
  );
});
