import { expect, test } from 'vitest';
import { createAdmission } from '../../src/axon/index.ts';

/** Time that only moves when told, with its timers. */
class FakeTime {
  ms = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  readonly now = () => this.ms;
  readonly setTimer = (callback: () => void, ms: number) => {
    const timer = { at: this.ms + ms, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  };

  async advance(ms: number): Promise<void> {
    this.ms += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.ms || !this.#timers.delete(timer)) continue;
      timer.callback();
    }
    await settle();
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function setup(options: { concurrency?: number; maxWaiting?: number; initialServiceMs?: number } = {}) {
  const time = new FakeTime();
  const admission = createAdmission({ concurrency: 1, initialServiceMs: 100, ...options, ...time });
  const started: string[] = [];
  const outcomes = new Map<string, string>();
  const finish = new Map<string, () => void>();
  const ask = (name: string, stake: number, deadline: number, signal?: AbortSignal, owner?: string) => {
    const entry = { stake: BigInt(stake), deadline, ...(signal === undefined ? {} : { signal }) };
    admission
      .run(
        entry,
        () => {
          started.push(name);
          return new Promise<void>((resolve) => finish.set(name, resolve));
        },
        owner,
      )
      .then((result) => outcomes.set(name, result.outcome === 'done' ? 'done' : result.reason));
  };
  const done = async (name: string) => {
    finish.get(name)?.();
    await settle();
  };
  return { time, admission, ask, done, started, outcomes };
}

test('more stake goes first, then the earlier deadline', async () => {
  const { ask, done, started } = setup();
  ask('running', 0, 1e6);
  ask('poor', 1, 5e5);
  ask('rich late', 9, 9e5);
  ask('rich soon', 9, 8e5);
  expect(started).toEqual(['running']);
  for (const name of ['running', 'rich soon', 'rich late', 'poor']) await done(name);
  expect(started).toEqual(['running', 'rich soon', 'rich late', 'poor']);
});

test('as many run at once as the engine can take, and the number may change', async () => {
  const time = new FakeTime();
  let concurrency = 2;
  const admission = createAdmission({ concurrency: () => concurrency, ...time });
  const resolvers: (() => void)[] = [];
  const run = () =>
    void admission.run({ stake: 0n, deadline: 1e6 }, () => new Promise<void>((r) => resolvers.push(r)));
  for (let i = 0; i < 5; i++) run();
  expect(admission.stats()).toMatchObject({ active: 2, waiting: 3 });
  concurrency = 4;
  resolvers[0]?.();
  await settle();
  expect(admission.stats()).toMatchObject({ active: 4, waiting: 0, done: 1 });
});

test('who can no longer be answered in time is dropped when that is known, not later', async () => {
  const { time, ask, outcomes, started } = setup({ initialServiceMs: 100 });
  ask('running', 0, 10_000);
  ask('hurried', 5, 1_000);
  await time.advance(899);
  expect(outcomes.size).toBe(0);
  await time.advance(1);
  expect(outcomes.get('hurried')).toBe('deadline');
  expect(started).toEqual(['running']);
});

test('a place in the queue is no use to somebody whose time is over', async () => {
  const { time, ask, done, outcomes, started } = setup({ initialServiceMs: 100 });
  ask('running', 0, 10_000);
  ask('late', 9, 500);
  ask('patient', 1, 10_000);
  time.ms = 450;
  await done('running');
  expect(outcomes.get('late')).toBe('deadline');
  expect(started).toEqual(['running', 'patient']);
});

test('when too many wait, the hopeless go first, then those with least stake', async () => {
  const { ask, outcomes } = setup({ maxWaiting: 2, initialServiceMs: 100 });
  ask('running', 0, 1e6);
  ask('first', 5, 1e6);
  ask('hopeless', 5, 150);
  ask('third', 4, 1e6);
  await settle();
  expect([...outcomes]).toEqual([['hopeless', 'deadline']]);
  ask('poorest', 1, 1e6);
  await settle();
  expect(outcomes.get('poorest')).toBe('overload');
  ask('richest', 9, 1e6);
  await settle();
  expect(outcomes.get('third')).toBe('overload');
});

test('of several owners, the one with most waiting loses the surplus', async () => {
  const { ask, outcomes } = setup({ maxWaiting: 3 });
  ask('running', 0, 1e6);
  for (const name of ['a1', 'a2', 'a3']) ask(name, 9, 1e6, undefined, 'a');
  ask('b1', 1, 1e6, undefined, 'b');
  await settle();
  expect([...outcomes]).toEqual([['a3', 'overload']]);
  ask('b2', 1, 1e6, undefined, 'b');
  await settle();
  expect([...outcomes]).toEqual([
    ['a3', 'overload'],
    ['b2', 'overload'],
  ]);
});

test('whoever goes away leaves the queue', async () => {
  const { ask, done, outcomes, started, admission } = setup();
  const abort = new AbortController();
  ask('running', 0, 1e6);
  ask('gone', 9, 1e6, abort.signal);
  abort.abort();
  await settle();
  expect(outcomes.get('gone')).toBe('gone');
  expect(admission.stats().waiting).toBe(0);
  ask('aborted before', 9, 1e6, abort.signal);
  await done('running');
  expect(outcomes.get('aborted before')).toBe('gone');
  expect(started).toEqual(['running']);
});

test('a task that never ends gives its place up at its deadline', async () => {
  const { time, ask, started } = setup();
  ask('hangs', 0, 1_000);
  ask('next', 0, 10_000);
  await time.advance(1_000);
  expect(started).toEqual(['hangs', 'next']);
});

test('a task that fails rejects and gives its place up', async () => {
  const { time } = setup();
  const admission = createAdmission({ concurrency: 1, ...time });
  const entry = { stake: 0n, deadline: 1e6 };
  await expect(admission.run(entry, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const thrown = admission.run(entry, () => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  expect(await admission.run(entry, async () => 5)).toMatchObject({ outcome: 'done', value: 5 });
  expect(admission.stats()).toMatchObject({ active: 0, done: 3 });
});

test('the expected time of an answer follows what is measured', async () => {
  const { time, ask, done, admission } = setup({ initialServiceMs: 50 });
  for (let i = 0; i < 40; i++) {
    ask(`${i}`, 0, 1e9);
    time.ms += 400;
    await done(`${i}`);
  }
  expect(admission.stats().serviceMs).toBeGreaterThanOrEqual(400);
  expect(admission.stats().serviceMs).toBeLessThan(450);
});
