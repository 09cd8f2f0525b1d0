import { describe, expect, test } from 'vitest';
import type { Pair } from '../../src/evaluate/index.ts';
import { type GateTerms, judge } from '../../src/variants/gate.ts';

const terms: GateTerms = {
  device: 'cpu',
  dataset: { name: 'scenes', fingerprint: 'f' },
  generations: [1],
  levels: [0],
  seed: 0,
  limit: 0.01,
};

/** Right answers of both, but for those that say so. */
const pairs = (count: number, change: (index: number) => Partial<Pair> = () => ({})): Pair[] =>
  Array.from({ length: count }, (_, i) => {
    const label = i % 2 === 0 ? 1 : 0;
    const p = label === 1 ? 0.9 : 0.1;
    return { label, cluster: `place ${i}`, first: p, second: p, ...change(i) };
  });

const flipped = (i: number): Partial<Pair> => ({ second: i % 2 === 0 ? 0.4 : 0.6 });

describe('a variant passes', () => {
  test('up to the limit of flips, and not beyond', () => {
    const asked = { ...terms };
    expect(
      judge(
        pairs(200, (i) => (i < 2 ? flipped(i) : {})),
        0,
        asked,
      ),
    ).toMatchObject({
      passed: true,
      flips: 2,
      pictures: 200,
      reason: null,
    });
    expect(
      judge(
        pairs(200, (i) => (i < 3 ? flipped(i) : {})),
        0,
        asked,
      ),
    ).toMatchObject({
      passed: false,
      flips: 3,
      reason: 'it decides differently on 3 of 200 pictures (1.5 %), more than the 1 % allowed',
    });
  });

  test('whatever the flips where it is better, if the limit allows them', () => {
    const wrong = pairs(200, (i) => (i < 20 ? { first: i % 2 === 0 ? 0.2 : 0.8 } : {}));
    expect(judge(wrong, 0, { ...terms, limit: 0.5 })).toMatchObject({ passed: true });
  });
});

test('a reward that is lower beyond its interval does not pass, whatever the limit', () => {
  const gate = judge(
    pairs(200, (i) => (i < 40 ? flipped(i) : {})),
    0,
    {
      ...terms,
      generations: [1],
      levels: [0],
      limit: 1,
    },
  );
  expect(gate.passed).toBe(false);
  expect(gate.reason).toMatch(/^its reward is lower: by 0\.\d+ at least$/);
  expect(gate.reward.high).toBeLessThan(0);
});

test('exactly 0.5 is no: from there to just above is a flip, to just below none', () => {
  const at = (second: number) =>
    judge(
      pairs(100, (i) => (i === 1 ? { first: 0.5, second } : {})),
      0,
      { ...terms },
    ).flips;
  expect(at(0.5000001)).toBe(1);
  expect(at(0.4999999)).toBe(0);
});

test('one picture without an answer is enough to fail', () => {
  const gate = judge(pairs(100), 1, { ...terms });
  expect(gate).toMatchObject({ passed: false, reason: 'it gave no answer to 1 of 100 pictures' });
});

test('pictures of one class say nothing of the reward', () => {
  const ones = pairs(20, () => ({ label: 1 }));
  expect(() => judge(ones, 0, { ...terms })).toThrow(expect.objectContaining({ code: 'ERR_GATE_PICTURES' }));
});
