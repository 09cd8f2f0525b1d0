import { assert, constant, double, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cycleOf,
  MILESTONES,
  type Phase,
  rewardFactor,
  type Schedule,
  scheduleProblem,
  USUAL_SCHEDULE,
} from '../../src/refresh/index.ts';

const DAY = 86_400;
const AT = 1_780_000_000;

const schedules = record({
  days: uniqueArray(integer({ min: 0, max: 400 }), { minLength: 5, maxLength: 5 }).map((days) => {
    const [checkpoint = 0, train = 0, upload = 0, verify = 0, expired = 0] = days.sort((a, b) => a - b);
    return { checkpoint, train, upload, verify, expired };
  }),
  fullUntil: integer({ min: 0, max: 200 }),
  zeroFrom: integer({ min: 200, max: 400 }),
});
const times = integer({ min: 1_500_000_000, max: 2_500_000_000 });

describe('the usual schedule', () => {
  it.each<[number, Phase, number]>([
    [-1, 'future', 1],
    [0, 'fresh', 1],
    [29.999, 'fresh', 1],
    [30, 'checkpoint', 1],
    [55, 'train', 1],
    [70, 'upload', 1],
    [75, 'verify', 1],
    [82.5, 'verify', 0.5],
    [89, 'verify', 1 / 15],
    [90, 'expired', 0],
    [4000, 'expired', 0],
  ])('at %f days: %s, %f of the reward', (age, phase, factor) => {
    const cycle = cycleOf(AT, AT + age * DAY);
    expect(cycle.phase).toBe(phase);
    expect(cycle.age).toBeCloseTo(age, 6);
    expect(cycle.factor).toBeCloseTo(factor, 6);
  });

  it('has no problem', () => expect(scheduleProblem(USUAL_SCHEDULE)).toBeUndefined());
});

describe('any schedule', () => {
  it('never pays more for an older model, and pays within [0, 1]', () => {
    assert(
      property(
        schedules,
        double({ min: -10, max: 500, noNaN: true }),
        double({ min: 0, max: 100, noNaN: true }),
        (schedule, age, more) => {
          const [young, old] = [rewardFactor(age, schedule), rewardFactor(age + more, schedule)];
          expect(young).toBeGreaterThanOrEqual(old);
          expect(old).toBeGreaterThanOrEqual(0);
          expect(young).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('reaches each milestone once, in order, and names the next', () => {
    assert(
      property(
        schedules,
        times,
        integer({ min: -DAY * 10, max: DAY * 500 }),
        (schedule, submitted, later) => {
          const now = submitted + later;
          const { reached, next, phase } = cycleOf(submitted, now, schedule);
          expect(reached.map(({ milestone }) => milestone)).toEqual(MILESTONES.slice(0, reached.length));
          expect(next?.milestone ?? null).toBe(MILESTONES[reached.length] ?? null);
          if (next) expect(next.at).toBeGreaterThan(now);
          for (const { at } of reached) expect(at).toBeLessThanOrEqual(now);
          expect(phase).toBe(reached.at(-1)?.milestone ?? (later < 0 ? 'future' : 'fresh'));
        },
      ),
    );
  });

  it('moves with the date and nothing else', () => {
    assert(
      property(
        schedules,
        times,
        times,
        integer({ min: 0, max: DAY * 500 }),
        (schedule, one, other, later) => {
          const [a, b] = [cycleOf(one, one + later, schedule), cycleOf(other, other + later, schedule)];
          expect({ ...a, reached: a.reached.length, next: a.next?.milestone }).toEqual({
            ...b,
            reached: b.reached.length,
            next: b.next?.milestone,
          });
        },
      ),
    );
  });

  it('whenever it is looked at, what was reached only grows', () => {
    assert(
      property(
        schedules,
        times,
        integer({ min: 0, max: DAY * 500 }),
        integer({ min: 0, max: DAY * 100 }),
        (schedule, submitted, later, more) => {
          const first = cycleOf(submitted, submitted + later, schedule).reached;
          const second = cycleOf(submitted, submitted + later + more, schedule).reached;
          expect(second.slice(0, first.length)).toEqual(first);
        },
      ),
    );
  });
});

describe('a schedule that makes no sense', () => {
  const change = (fields: Partial<Schedule>) => scheduleProblem({ ...USUAL_SCHEDULE, ...fields });
  it.each([
    [
      'days out of order',
      change({ days: { ...USUAL_SCHEDULE.days, train: 20 } }),
      'train must not come before',
    ],
    ['full for longer than it lasts', change({ fullUntil: 91 }), 'cannot be full for longer'],
    ['no number', change({ zeroFrom: Number.NaN }), 'between 0 and 3650'],
    ['a negative day', change({ fullUntil: -1 }), 'between 0 and 3650'],
  ])('%s', (_, problem, said) => expect(problem).toContain(said));

  it('a step instead of a line is fine', () => {
    assert(
      property(constant(60), double({ min: 0, max: 120, noNaN: true }), (day, age) => {
        const schedule = { ...USUAL_SCHEDULE, fullUntil: day, zeroFrom: day };
        expect(rewardFactor(age, schedule)).toBe(age < day ? 1 : 0);
      }),
    );
  });
});
