import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, createRandom, rewardAtAccuracy, score } from '../../src/simulate/index.ts';

const label = fc.constantFrom(0 as const, 1 as const);
const prediction = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(-1, 0.5, 0, 1, 1.2, -0.3),
);
const history = fc.array(fc.record({ prediction, label }), { maxLength: 150 });
const right = (l: 0 | 1): Answer => ({ prediction: l === 1 ? 0.9 : 0.1, label: l });
const wrong = (l: 0 | 1): Answer => ({ prediction: l === 1 ? 0.1 : 0.9, label: l });
const pattern = (n: number, make: (l: 0 | 1) => Answer = right): Answer[] =>
  Array.from({ length: n }, (_, i) => make((i % 2) as 0 | 1));

describe('the reward', () => {
  it('is 1 for a history without a mistake in both classes', () => {
    expect(score(pattern(20))).toMatchObject({ reward: 1, mcc100: 1, accuracy10: 1, accuracy: 1 });
  });

  it('is an eighth while all labels are of one class: the correlation is 0 then', () => {
    expect(score([right(1), right(1), right(1)])).toMatchObject({ reward: 0.125, mcc100: 0, accuracy10: 1 });
  });

  it('is an eighth at best while all answers are of one class', () => {
    const same = [right(1), wrong(0), right(1), right(1)];
    expect(score(same)).toMatchObject({ mcc100: 0, accuracy10: 0.75, reward: (0.5 * 0.75) ** 3 });
  });

  it('counts exactly 0.5 as none', () => {
    expect(score([{ prediction: 0.5, label: 0 }]).outcome).toBe('right');
    expect(score([{ prediction: 0.5, label: 1 }]).outcome).toBe('wrong');
  });

  it('does not know negative correlation', () => {
    expect(score(pattern(30, wrong))).toMatchObject({ reward: 0, mcc100: 0 });
  });

  it('is the textbook figure for a mixed history', () => {
    // 40 true positives, 35 true negatives, 15 false positives, 10 false negatives; the last ten are all right.
    const many = (n: number, a: Answer): Answer[] => Array.from({ length: n }, () => a);
    const answers = [
      ...many(10, wrong(1)),
      ...many(15, wrong(0)),
      ...many(40, right(1)),
      ...many(35, right(0)),
    ];
    const mcc = (40 * 35 - 15 * 10) / Math.sqrt(55 * 50 * 50 * 45);
    expect(score(answers).mcc100).toBeCloseTo(mcc, 12);
    expect(score(answers).reward).toBeCloseTo((0.5 * mcc + 0.5) ** 3, 12);
  });
});

describe('answers that do not count', () => {
  it('missing: no reward, and left out of the figures though they take up places in the windows', () => {
    const missing: Answer = { prediction: -1, label: 1 };
    const result = score([...pattern(20), missing]);
    expect(result).toMatchObject({ reward: 0, outcome: 'missing', accuracy10: 1, mcc100: 1, missing: 1 });
    // Nine missing answers leave one of the last ten, and that one is wrong.
    const nine = Array.from({ length: 9 }, () => missing);
    expect(score([...pattern(20), ...nine, wrong(1)]).accuracy10).toBe(0);
  });

  it('all missing: everything is 0', () => {
    expect(score([{ prediction: -1, label: 0 }])).toMatchObject({
      reward: 0,
      accuracy: 0,
      accuracy10: 0,
      mcc100: 0,
    });
  });

  it.each([1.0001, -0.2, 7, Number.NaN, Number.POSITIVE_INFINITY])('%d is outside: no reward', (outside) => {
    expect(score([...pattern(20), { prediction: outside, label: 1 }])).toMatchObject({
      reward: 0,
      outcome: 'invalid',
    });
  });

  it('one that rounds to 2 spoils the figures for as long as it is among the last hundred', () => {
    const spoilt = [...pattern(20), { prediction: 1.7, label: 1 } as const];
    expect(score([...spoilt, ...pattern(20)])).toMatchObject({ mcc100: 0, accuracy10: 1, reward: 0.125 });
    expect(score([...spoilt, ...pattern(100)]).reward).toBe(1);
  });
});

describe('windows and averages', () => {
  it('forget what is older than a hundred', () => {
    expect(score([...pattern(300, wrong), ...pattern(100)]).reward).toBe(1);
  });

  it('the moving average takes a twentieth of each reward', () => {
    expect(score([right(1), right(1)]).movingAverage).toBeCloseTo(0.05 * 0.125 + 0.95 * 0.05 * 0.125, 12);
    expect(score([]).movingAverage).toBe(0);
  });

  it('of any history stay within their bounds, and the last answer is the last of all', () => {
    fc.assert(
      fc.property(history, (answers) => {
        const result = score(answers);
        expect(result.answers).toHaveLength(answers.length);
        for (const each of [result, ...result.answers]) {
          for (const value of [each.reward, each.mcc100, each.accuracy10]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
        expect(result.movingAverage).toBeLessThanOrEqual(1);
        expect(result.reward).toBe(result.answers.at(-1)?.reward ?? 0);
        const sum =
          result.right +
          result.missing +
          result.invalid +
          result.answers.filter((a) => a.outcome === 'wrong').length;
        expect(sum).toBe(answers.length);
      }),
    );
  });

  it('what an answer is worth depends on nothing that comes later', () => {
    fc.assert(
      fc.property(history, history, (first, later) => {
        expect(score([...first, ...later]).answers.slice(0, first.length)).toEqual(score(first).answers);
      }),
      { numRuns: 40 },
    );
  });

  it('only the side of one half matters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ prediction: fc.double({ min: 0, max: 1, noNaN: true }), label })),
        (answers) => {
          const sides = answers.map((a) => ({ ...a, prediction: a.prediction > 0.5 ? 1 : 0 }));
          expect(score(sides).reward).toBe(score(answers).reward);
        },
      ),
    );
  });
});

describe('what accuracy is worth', () => {
  it.each([
    [0.95, 0.79],
    [0.97, 0.87],
    [0.98, 0.91],
    [0.99, 0.955],
    [1, 1],
    [0.5, 0.015625],
  ])('%d → %d', (accuracy, worth) => {
    expect(rewardAtAccuracy(accuracy)).toBeCloseTo(worth, 2);
  });

  it('is what a long history of symmetric errors comes to', () => {
    const rng = createRandom(8);
    const answers = Array.from({ length: 4000 }, (): Answer => {
      const l = rng.chance(0.5) ? 1 : 0;
      return rng.chance(0.95) ? right(l) : wrong(l);
    });
    expect(score(answers).meanReward).toBeCloseTo(rewardAtAccuracy(0.95), 1);
  });
});
