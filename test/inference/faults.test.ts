import { describe, expect, test, vi } from 'vitest';
import type { ClassifierOptions, EngineEvent } from '../../src/inference/index.ts';
import { bundleOf, classifierOf, plain } from './models.ts';

/** Options that record events and can wait for one. */
function recorder() {
  const events: EngineEvent[] = [];
  const options: Pick<ClassifierOptions, 'onEvent'> = { onEvent: (event) => events.push(event) };
  const seen = (kind: EngineEvent['kind'], times = 1) =>
    vi.waitFor(
      () => expect(events.filter((event) => event.kind === kind).length).toBeGreaterThanOrEqual(times),
      {
        timeout: 15_000,
        interval: 5,
      },
    );
  return { events, options, seen };
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('an engine process that is lost', () => {
  test('killed in mid-run: the request it held is answered by the replacement', async () => {
    const { options, seen } = recorder();
    const classifier = await classifierOf(await bundleOf('mean-uint8'), options);
    const [pid = 0] = classifier.stats().pids;
    process.kill(pid, 'SIGSTOP');
    const answer = classifier.predict(await plain(51));
    process.kill(pid, 'SIGKILL');
    expect(await answer).toMatchObject({ source: 'model', probability: expect.closeTo(0.2, 5) });
    await seen('started');
    expect(classifier.stats()).toMatchObject({ restarts: 1, ready: 1, inFlight: 0, queued: 0 });
    expect(classifier.stats().pids).not.toContain(pid);
  });

  test('killed while idle: it is replaced without being asked', async () => {
    const { options, seen, events } = recorder();
    const classifier = await classifierOf(await bundleOf('mean-uint8'), options);
    process.kill(classifier.stats().pids[0] ?? 0, 'SIGKILL');
    await seen('started');
    expect(events[0]).toMatchObject({ kind: 'lost', reason: 'it was ended by SIGKILL', hung: false });
    expect((await classifier.predict(await plain(102))).probability).toBeCloseTo(0.4, 5);
  });

  test('stopped so that it hangs: killed, replaced, and the request answered in time', async () => {
    const { options } = recorder();
    const classifier = await classifierOf(await bundleOf('mean-uint8'), options);
    const [pid = 0] = classifier.stats().pids;
    process.kill(pid, 'SIGSTOP');
    const answer = await classifier.predict(await plain(51));
    expect(answer).toMatchObject({ source: 'model', probability: expect.closeTo(0.2, 5) });
    expect(classifier.stats().hangs).toBe(1);
    expect(alive(pid)).toBe(false);
  });

  test('no time for a replacement: the prior, before the deadline', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'), { prior: 0.25 });
    process.kill(classifier.stats().pids[0] ?? 0, 'SIGSTOP');
    const deadline = performance.now() + 150;
    const answer = await classifier.predict(await plain(51), { deadline });
    expect(performance.now()).toBeLessThanOrEqual(deadline);
    expect(answer).toMatchObject({ source: 'prior', reason: 'deadline', probability: 0.25 });
  });

  test('an image that hangs every engine is given up, those that waited beside it are answered', async () => {
    const { options } = recorder();
    const classifier = await classifierOf(await bundleOf('white-hangs'), {
      ...options,
      defaultTimeoutMs: 25_000,
    });
    const greys = await Promise.all([10, 20, 30, 40].map((grey) => plain(grey)));
    const [first, poison, ...others] = await Promise.all([
      classifier.predict(await plain(0)),
      classifier.predict(await plain(255)),
      ...greys.map((image) => classifier.predict(image)),
    ]);
    expect(first?.source).toBe('model');
    expect(poison).toMatchObject({ source: 'prior', reason: 'engine-failed' });
    expect(others.map((other) => other.source)).toEqual(['model', 'model', 'model', 'model']);
    expect(classifier.stats().priors['engine-failed']).toBe(1);
    expect((await classifier.predict(await plain(50))).source).toBe('model');
  });

  test('a model file that changed on disk is not loaded again; retries slow down; the prior says why', async () => {
    const { options, seen, events } = recorder();
    const bundle = await bundleOf('mean-uint8');
    const classifier = await classifierOf(bundle, options);
    const { appendFile } = await import('node:fs/promises');
    await appendFile(bundle.pathOf(bundle.model()), 'x');
    process.kill(classifier.stats().pids[0] ?? 0, 'SIGKILL');
    await seen('start-failed', 3);
    const failed = events.flatMap((event) => (event.kind === 'start-failed' ? [event] : []));
    expect(failed[0]?.reason).toMatch(/model\.onnx has \d+ bytes/);
    expect(failed.slice(0, 3).map((event) => event.retryMs)).toEqual([100, 200, 400]);
    const answer = await classifier.predict(await plain(1), { deadline: performance.now() + 100 });
    expect(answer).toMatchObject({ source: 'prior', reason: 'engine-unavailable' });
  });
});

describe('close', () => {
  test('ends every process, also one that hangs, and answers what waits with the prior', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'), { processes: 2 });
    const { pids } = classifier.stats();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const waiting = [classifier.predict(await plain(1)), classifier.predict(await plain(2))];
    await classifier.close();
    for (const answer of await Promise.all(waiting)) {
      expect(answer).toMatchObject({ source: 'prior', reason: 'closed' });
    }
    expect(pids.map(alive)).toEqual([false, false]);
    expect(await classifier.predict(await plain(3))).toMatchObject({ reason: 'closed' });
  });

  test('while a replacement is starting', async () => {
    const { options, seen } = recorder();
    const classifier = await classifierOf(await bundleOf('mean-uint8'), options);
    process.kill(classifier.stats().pids[0] ?? 0, 'SIGKILL');
    await seen('lost');
    await classifier.close();
    expect(classifier.stats()).toMatchObject({ ready: 0, pids: [] });
  });
});

test('a signal to the whole process group does not take the engine away', async () => {
  const classifier = await classifierOf(await bundleOf('mean-uint8'));
  const [pid = 0] = classifier.stats().pids;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
  expect((await classifier.predict(await plain(51))).source).toBe('model');
  expect(classifier.stats()).toMatchObject({ restarts: 0, pids: [pid] });
});
