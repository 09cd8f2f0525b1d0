import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CascadeEvent, combiner, createCascade, stops } from '../../src/cascade/index.ts';
import type { Classifier, Prediction } from '../../src/inference/index.ts';
import { double } from './doubles.ts';

const PICTURE = new Uint8Array([1, 2, 3]);
/** The one that fake timers move. */
const now = () => performance.now();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function ask(cascade: Classifier, budget = 4_000): Promise<Prediction & { tookMs: number }> {
  const asked = performance.now();
  const found = cascade
    .predict(PICTURE, { deadline: asked + budget })
    .then((prediction) => ({ ...prediction, tookMs: performance.now() - asked }));
  await vi.advanceTimersByTimeAsync(budget);
  return await found;
}

const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test('the next stage is asked as long as none is sure, and no longer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          p: probability,
          below: fc.double({ max: 0.5, min: 0, noNaN: true }),
          above: fc.double({ min: 0.5, max: 1, noNaN: true }),
        }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      async (given) => {
        const classifiers = given.map(({ p }) => double({ kind: 'answers', p }));
        const cascade = createCascade({
          now,
          stages: given.map(({ below, above }, i) => ({
            name: `s${i}`,
            classifier: classifiers[i] ?? double({ kind: 'hangs' }),
            stopBelow: below,
            stopAbove: above,
          })),
        });
        const { probability: said } = await ask(cascade);
        const combine = combiner([]);
        const partly = given.map((_, i) => combine(given.slice(0, i + 1).map(({ p }) => p)) ?? Number.NaN);
        const sure = given.findIndex(({ below, above }, i) =>
          stops(partly[i] ?? Number.NaN, { stopBelow: below, stopAbove: above }),
        );
        const last = sure === -1 ? given.length - 1 : sure;
        expect(classifiers.map(({ deadlines }) => deadlines.length)).toEqual(
          given.map((_, i) => (i <= last ? 1 : 0)),
        );
        expect(said).toBe(partly[last]);
        expect(cascade.stats().stages?.map(({ decided }) => decided)).toEqual(
          given.map((_, i) => (i === last ? 1 : 0)),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('what is no picture is not shown to a second stage', async () => {
  const second = double({ kind: 'answers', p: 0.9 });
  const cascade = createCascade({
    now,
    stages: [
      { name: 'a', classifier: double({ kind: 'refuses', reason: 'undecodable' }) },
      { name: 'b', classifier: second },
    ],
  });
  expect(await ask(cascade)).toMatchObject({ source: 'prior', reason: 'undecodable' });
  expect(second.deadlines).toEqual([]);
  expect(cascade.stats().stages?.[0]).toMatchObject({ up: true, failed: 0 });
});

test('a stage that would take longer than is left is passed over, and tried again later on', async () => {
  const slow = double({ kind: 'answers', p: 0.9 }, 100, 1_000);
  const cascade = createCascade({
    now,
    stages: [
      { name: 'a', classifier: double({ kind: 'answers', p: 0.6 }) },
      { name: 'b', classifier: slow },
    ],
  });
  const { tookMs } = await ask(cascade, 500);
  expect(tookMs).toBeLessThan(20);
  expect(cascade.stats().stages?.[1]).toMatchObject({ asked: 0, passed: 1 });
  for (let i = 0; i < 10; i++) await ask(cascade, 500);
  expect(slow.deadlines.length).toBeGreaterThan(0);
  expect(cascade.stats().stages?.[1]?.answered).toBeGreaterThan(0);
});

describe('a stage that fails again and again', () => {
  const setup = () => {
    const dead = double({ kind: 'hangs' });
    const events: CascadeEvent[] = [];
    const cascade = createCascade({
      now,
      stages: [
        { name: 'first', classifier: double({ kind: 'answers', p: 0.6 }) },
        { name: 'second', classifier: dead },
      ],
      onEvent: (event) => events.push(event),
    });
    return { dead, events, cascade };
  };

  test('is no longer waited for', async () => {
    const { dead, events, cascade } = setup();
    for (let i = 0; i < 3; i++) {
      const { source, tookMs } = await ask(cascade);
      expect(source).toBe('model');
      expect(tookMs).toBeLessThanOrEqual(4_000);
    }
    expect(events).toEqual([
      { kind: 'stage-down', stage: 'second', reason: 'the stage did not answer in time' },
    ]);
    const { tookMs } = await ask(cascade);
    expect(tookMs).toBe(10);
    expect(dead.deadlines.length).toBeLessThanOrEqual(4);
    expect(cascade.stats().stages?.[1]).toMatchObject({ up: false });
  });

  test('is tried in the background and comes back by itself', async () => {
    const { dead, events, cascade } = setup();
    for (let i = 0; i < 4; i++) await ask(cascade);
    dead.behaviour = () => ({ kind: 'answers', p: 0.9 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await ask(cascade)).tookMs).toBe(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(events.at(-1)).toEqual({ kind: 'stage-up', stage: 'second' });
    expect((await ask(cascade)).probability).toBeGreaterThan(0.7);
  });

  test('as the first one leaves the answer to the others, at their speed', async () => {
    const events: CascadeEvent[] = [];
    const cascade = createCascade({
      now,
      stages: [
        { name: 'first', classifier: double({ kind: 'rejects' }) },
        { name: 'second', classifier: double({ kind: 'answers', p: 0.9 }) },
      ],
      onEvent: (event) => events.push(event),
    });
    for (let i = 0; i < 4; i++) expect(await ask(cascade)).toMatchObject({ source: 'model' });
    expect((await ask(cascade)).tookMs).toBe(10);
    expect(events).toEqual([{ kind: 'stage-down', stage: 'first', reason: 'broken' }]);
  });

  test('is asked all the same where there is no other', async () => {
    const only = double({ kind: 'rejects' });
    const cascade = createCascade({
      now,
      stages: [{ name: 'only', classifier: only }],
    });
    for (let i = 0; i < 5; i++)
      expect(await ask(cascade)).toMatchObject({ source: 'prior', reason: 'engine-failed' });
    only.behaviour = () => ({ kind: 'answers', p: 0.2 });
    expect(await ask(cascade)).toMatchObject({ source: 'model' });
  });
});

test('a picture whose memory is given back after the answer is still whole for the stage that reads it', async () => {
  const seen: number[] = [];
  const late = double((image) => {
    setTimeout(() => seen.push(image.byteLength), 5_000);
    return { kind: 'hangs' };
  });
  const cascade = createCascade({
    now,
    stages: [
      { name: 'late', classifier: late },
      { name: 'quick', classifier: double({ kind: 'answers', p: 0.6 }) },
    ],
  });
  const picture = new Uint8Array([1, 2, 3, 4]);
  const found = cascade.predict(picture, { deadline: performance.now() + 1_000 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await found).source).toBe('model');
  picture.buffer.transfer(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual([4]);
});

test('figures are those of all stages, priors only what was answered; closing closes each once', async () => {
  const shared = double({ kind: 'answers', p: 0.6 });
  const other = double({ kind: 'answers', p: 0.6 });
  const cascade = createCascade({
    now,
    stages: [
      { name: 'a', classifier: shared },
      { name: 'b', classifier: other },
      { name: 'c', classifier: shared },
    ],
  });
  const { timings } = await ask(cascade);
  expect(timings).toEqual({ queueMs: 3, decodeMs: 6, inferMs: 9 });
  const stats = cascade.stats();
  expect(stats).toMatchObject({ computed: 2, ready: 2, batches: { 1: 2 } });
  expect(stats.priors['engine-failed']).toBe(0);
  await cascade.close();
  expect([shared.closed, other.closed]).toEqual([1, 1]);
  expect(await ask(cascade)).toMatchObject({ source: 'prior', reason: 'closed' });
});

test('the last word has the last stage that answered, whatever those after it did', async () => {
  const cascade = createCascade({
    now,
    stages: [
      { name: 'a', classifier: double({ kind: 'answers', p: 0.6 }) },
      { name: 'b', classifier: double({ kind: 'rejects' }) },
    ],
  });
  await ask(cascade);
  expect(cascade.stats().stages?.map(({ decided }) => decided)).toEqual([1, 0]);
});

test('a stage whose money is spent is left alone, said once, and asked again when there is money', async () => {
  const events: CascadeEvent[] = [];
  const paid = double({ kind: 'refuses', reason: 'over-budget' });
  const cascade = createCascade({
    now,
    stages: [
      { name: 'a', classifier: double({ kind: 'answers', p: 0.6 }) },
      { name: 'paid', classifier: paid },
    ],
    onEvent: (event) => events.push(event),
  });
  for (let i = 0; i < 4; i += 1) await ask(cascade, 300);
  paid.behaviour = () => ({ kind: 'answers', p: 0.8 });
  await ask(cascade);
  await ask(cascade);
  expect(events.map(({ kind }) => kind)).toEqual(['stage-down', 'stage-up']);
});
