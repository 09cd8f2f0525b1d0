import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { Fleet, isOfShare, type Mode } from '../../src/deploy/fleet.ts';
import type { LoadedModel } from '../../src/deploy/running.ts';
import { bundleOf, classifierOf, plain } from '../inference/models.ts';

const soon = () => ({ deadline: performance.now() + 5_000 });

async function loaded(
  name: string,
  fixture: Parameters<typeof bundleOf>[0],
  change: Parameters<typeof bundleOf>[1] = {},
): Promise<LoadedModel> {
  const bundle = await bundleOf(fixture, change);
  const identity = { name, version: '1.0.0', dir: bundle.dir, manifestSha256: name };
  return { identity, classifier: await classifierOf(bundle, { limits: { hangMs: 300 } }) };
}

/** Answers the brightness. */
const bright = (name: string) => loaded(name, 'mean-uint8');
/** Says no to everything. */
const never = (name: string) =>
  loaded(name, 'mean-uint8', { calibration: { inGraph: false, temperature: 1, bias: 30 } });

async function fleetWith(live: LoadedModel, candidate?: LoadedModel, mode: Mode = 'canary', share = 1) {
  const fleet = new Fleet({ live });
  onTestFinished(() => fleet.close());
  if (candidate !== undefined) fleet.begin(candidate, { mode, share, probes: null });
  return fleet;
}

test('a canary answers its share, always the same pictures, and is compared with the live model', async () => {
  const fleet = await fleetWith(await bright('live'), await never('new'), 'canary', 0.5);
  const levels = Array.from({ length: 24 }, (_, i) => i * 10 + 5);
  const images = await Promise.all(levels.map((level) => plain(level)));
  const isOwn = images.map((image) => isOfShare(image, 0.5));
  const ask = async () => {
    const names: string[] = [];
    for (const [i, image] of images.entries()) {
      const compared = fleet.trial?.figures.compared ?? 0;
      names.push((await fleet.predict(image, soon())).model.name);
      if (isOwn[i]) await expect.poll(() => fleet.trial?.figures.compared).toBe(compared + 1);
    }
    return names;
  };
  const names = await ask();
  expect(names).toEqual(isOwn.map((own) => (own ? 'new' : 'live')));
  expect(new Set(names)).toEqual(new Set(['new', 'live']));
  expect(await ask()).toEqual(names);
  const own = levels.filter((_, i) => isOwn[i]);
  expect(fleet.trial?.figures).toMatchObject({
    answers: 2 * own.length,
    errors: 0,
    compared: 2 * own.length,
    disagreed: 2 * own.filter((level) => level > 127.5).length,
  });
});

test('shares grow: who is of a small share is of every larger one', async () => {
  const images = await Promise.all(Array.from({ length: 50 }, (_, i) => plain(i)));
  for (const image of images) {
    const smallest = [0.1, 0.3, 0.6, 1].find((share) => isOfShare(image, share));
    for (const share of [0.1, 0.3, 0.6, 1]) expect(isOfShare(image, share)).toBe(share >= (smallest ?? 2));
  }
});

test('where the candidate hangs, the live model answers before the deadline, and the failure is counted', async () => {
  const fleet = await fleetWith(await bright('live'), await loaded('new', 'white-hangs'));
  const { prediction, model } = await fleet.predict(await plain(255), {
    deadline: performance.now() + 3_000,
  });
  expect(model.name).toBe('live');
  expect(prediction).toMatchObject({ source: 'model', probability: 1 });
  expect(fleet.trial?.figures).toMatchObject({ answers: 1, errors: 1 });
});

test('a shadow never answers, and is compared', async () => {
  const fleet = await fleetWith(await bright('live'), await never('new'), 'shadow');
  for (const level of [20, 240]) {
    const { prediction, model } = await fleet.predict(await plain(level), soon());
    expect(model.name).toBe('live');
    expect(prediction.probability).toBeCloseTo(level / 255, 5);
    await expect.poll(() => fleet.trial?.figures.compared).toBe(level === 20 ? 1 : 2);
  }
  expect(fleet.trial?.figures).toMatchObject({ answers: 2, errors: 0, disagreed: 1 });
});

test('a shadow that hangs delays nothing', async () => {
  const fleet = await fleetWith(await bright('live'), await loaded('new', 'white-hangs'), 'shadow');
  for (let i = 0; i < 5; i += 1) {
    const { prediction } = await fleet.predict(await plain(255, { width: 8 + i }), soon());
    expect(prediction.source).toBe('model');
  }
});

test('what is no picture is no failure of the candidate', async () => {
  const fleet = await fleetWith(await bright('live'), await bright('new'));
  const { prediction } = await fleet.predict(Buffer.from('no picture'), soon());
  expect(prediction).toMatchObject({ source: 'prior', reason: 'undecodable' });
  expect(fleet.trial?.figures).toMatchObject({ answers: 1, errors: 0, compared: 0 });
});

test('promoting loses no answer under way, and ends the old model', async () => {
  const old = await bright('old');
  const fleet = await fleetWith(old, await bright('new'), 'canary', 0.000_001);
  const asked = await Promise.all(Array.from({ length: 40 }, (_, i) => plain(i * 6)));
  const before = asked.map((image) => fleet.predict(image, soon()));
  fleet.promote();
  const answers = await Promise.all(before);
  expect(answers.every(({ prediction }) => prediction.source !== 'prior')).toBe(true);
  expect(fleet.live.identity.name).toBe('new');
  expect(fleet.trial).toBeNull();
  await fleet.settled();
  expect(old.classifier.stats().ready).toBe(0);
  expect((await fleet.predict(await plain(255), soon())).model.name).toBe('new');
});

test('dropping the candidate leaves the live model alone', async () => {
  const candidate = await never('new');
  const fleet = await fleetWith(await bright('live'), candidate);
  fleet.drop();
  await fleet.settled();
  expect(candidate.classifier.stats().ready).toBe(0);
  expect((await fleet.predict(await plain(255), soon())).model.name).toBe('live');
});
