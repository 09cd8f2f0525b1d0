import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCascade } from '../../src/cascade/index.ts';
import { type Behaviour, double } from './doubles.ts';

const PICTURE = new Uint8Array([1, 2, 3]);
/** The one that fake timers move. */
const now = () => performance.now();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const behaviour = fc.oneof(
  fc.record({ kind: fc.constant('answers' as const), p: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constant('refuses' as const),
    reason: fc.constantFrom('deadline', 'overloaded', 'engine-failed', 'engine-unavailable', 'closed'),
  }),
  fc.constant({ kind: 'rejects' as const }),
  fc.constant({ kind: 'hangs' as const }),
  fc.constant({ kind: 'babbles' as const }),
) satisfies fc.Arbitrary<Behaviour>;

const stage = fc.record({ behaviour, usualMs: fc.integer({ min: 1, max: 300 }) });

test('whatever the stages do, there is a probability before the deadline', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ behaviour, takesMs: fc.nat(3_000), usualMs: fc.nat(3_000) }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.integer({ min: -10, max: 4_000 }),
      async (stages, budget) => {
        const cascade = createCascade({
          now,
          stages: stages.map(({ behaviour, takesMs, usualMs }, i) => ({
            name: `s${i}`,
            classifier: double(behaviour, takesMs, usualMs),
          })),
        });
        const asked = performance.now();
        const found = cascade.predict(PICTURE, { deadline: asked + budget });
        const [{ probability }, when] = await Promise.all([
          found,
          found.then(() => performance.now()),
          vi.advanceTimersByTimeAsync(10_000),
        ]);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        // 20 ms are left for sending it.
        expect(when - asked).toBeLessThanOrEqual(Math.max(0, budget - 20));
      },
    ),
    { numRuns: 300 },
  );
});

test('a stage that answers in its usual time is heard, whatever those before and after it do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stage, { maxLength: 2 }),
      fc.record({
        p: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        usualMs: fc.integer({ min: 1, max: 300 }),
      }),
      fc.array(stage, { maxLength: 2 }),
      async (before, good, after) => {
        const broken = ({ behaviour, usualMs }: (typeof before)[number]) =>
          double(behaviour.kind === 'answers' ? { kind: 'hangs' } : behaviour, usualMs);
        const classifiers = [
          ...before.map(broken),
          double({ kind: 'answers', p: good.p }, good.usualMs),
          ...after.map(broken),
        ];
        const needed = classifiers.reduce((sum, { info }) => sum + info.inferMs * 1.5 + 40, 20);
        const cascade = createCascade({
          now,
          stages: classifiers.map((classifier, i) => ({ name: `s${i}`, classifier })),
          prior: 0.123,
        });
        const found = cascade.predict(PICTURE, { deadline: performance.now() + needed });
        await vi.advanceTimersByTimeAsync(10_000);
        const { source, probability } = await found;
        expect(source).toBe('model');
        expect(probability).toBeCloseTo(good.p, 9);
      },
    ),
    { numRuns: 300 },
  );
});

test('without a deadline the default one counts', async () => {
  const cascade = createCascade({
    now,
    stages: [{ name: 'a', classifier: double({ kind: 'hangs' }) }],
    defaultTimeoutMs: 700,
    prior: 0.25,
  });
  const asked = performance.now();
  const found = cascade.predict(PICTURE).then((prediction) => ({ ...prediction, at: performance.now() }));
  await vi.advanceTimersByTimeAsync(10_000);
  const { source, reason, probability, at } = await found;
  expect({ source, reason, probability }).toEqual({ source: 'prior', reason: 'deadline', probability: 0.25 });
  expect(at - asked).toBeLessThanOrEqual(700);
  expect(cascade.stats().priors.deadline).toBe(1);
});
