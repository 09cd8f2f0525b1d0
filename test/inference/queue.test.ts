import { expect, test } from 'vitest';
import { bundleOf, classifierOf, manifestFor, plain } from './models.ts';

const greys = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => plain(i)));

test('what arrives while the engine is busy is computed together, eight at a time on a CPU', async () => {
  const classifier = await classifierOf(await bundleOf('mean-uint8'));
  const images = await greys(36);
  const answers = await Promise.all(images.map((image) => classifier.predict(image)));
  answers.forEach((answer, i) => {
    expect(answer.probability).toBeCloseTo(i / 255, 5);
  });
  expect(classifier.stats()).toMatchObject({ batches: { 1: 1, 8: 4, 3: 1 }, queued: 0, inFlight: 0 });
});

test('several processes share what waits', async () => {
  const classifier = await classifierOf(await bundleOf('mean-uint8'), { processes: 2 });
  const answers = await Promise.all((await greys(10)).map((image) => classifier.predict(image)));
  expect(answers.every((answer) => answer.source === 'model')).toBe(true);
  expect(classifier.stats().batches).toMatchObject({ 1: 2 });
});

test('a full queue: the prior at once, counted', async () => {
  const classifier = await classifierOf(await bundleOf('mean-uint8'), { limits: { queue: 2 } });
  const answers = await Promise.all((await greys(5)).map((image) => classifier.predict(image)));
  expect(answers.map((answer) => answer.reason ?? answer.source)).toEqual([
    'model',
    'model',
    'model',
    'overloaded',
    'overloaded',
  ]);
  expect(classifier.stats().priors.overloaded).toBe(2);
});

test('the bytes that wait are bounded, too', async () => {
  const images = await greys(3);
  const classifier = await classifierOf(await bundleOf('mean-uint8'), {
    limits: { queueBytes: (images[0]?.length ?? 0) + 10 },
  });
  const answers = await Promise.all(images.map((image) => classifier.predict(image)));
  expect(answers.map((answer) => answer.reason ?? answer.source)).toEqual([
    'model',
    'overloaded',
    'overloaded',
  ]);
});

test('images that nobody waits for any more make room and are not computed', async () => {
  const classifier = await classifierOf(await bundleOf('mean-uint8'), { limits: { queue: 2 } });
  const [pid = 0] = classifier.stats().pids;
  const [held, ...others] = await greys(5);
  process.kill(pid, 'SIGSTOP');
  const first = classifier.predict(held ?? Buffer.of());
  const deadline = performance.now() + 60;
  const late = await Promise.all(others.slice(0, 2).map((image) => classifier.predict(image, { deadline })));
  expect(late.map((answer) => answer.reason)).toEqual(['deadline', 'deadline']);
  const rest = others.slice(2).map((image) => classifier.predict(image));
  process.kill(pid, 'SIGCONT');
  for (const answer of await Promise.all([first, ...rest])) expect(answer.source).toBe('model');
  expect(classifier.stats().computed).toBe(3);
});

test('a smaller maximum of the manifest is kept', async () => {
  const { input } = manifestFor('mean-uint8');
  const bundle = await bundleOf('mean-uint8', { input: { ...input, batch: { kind: 'dynamic', max: 3 } } });
  const classifier = await classifierOf(bundle);
  await Promise.all((await greys(7)).map((image) => classifier.predict(image)));
  expect(classifier.info.maxBatch).toBe(3);
  expect(classifier.stats().batches).toEqual({ 1: 1, 3: 2 });
});
