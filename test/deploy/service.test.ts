import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadBundle, type VerifiedBundle } from '../../src/bundle/index.ts';
import { Fleet, isOfShare } from '../../src/deploy/fleet.ts';
import { identityOf } from '../../src/deploy/identity.ts';
import { readPointer, writePointer } from '../../src/deploy/pointer.ts';
import { createDeployService, type DeployEvent } from '../../src/deploy/service.ts';
import type { Classifier } from '../../src/inference/index.ts';
import { type Double, double } from '../cascade/doubles.ts';
import { bundleOf, temporaryFolder } from '../inference/models.ts';
import { held } from './held.ts';

const RULES = {
  minAnswers: 4,
  maxErrors: 0.02,
  maxLatencyMs: 1_000,
  maxDisagreement: 0.1,
  maxProbeLoss: 0.1,
};

const picture = (n: number) => Buffer.from(`picture ${n}`);

/** A miner's models, without a miner: real bundles, and models that do as they are told. */
async function miner(options: { processes?: number; live?: Double; pointerFile?: string } = {}) {
  const configured = await bundleOf('mean-uint8');
  const live = options.live ?? double({ kind: 'answers', p: 0.9 }, 0);
  let clock = 0;
  const fleet = new Fleet({
    live: { identity: await identityOf(configured), classifier: live },
    clock: () => clock,
  });
  onTestFinished(() => fleet.close());
  const models = new Map<string, Classifier>();
  const loaded: string[] = [];
  const events: DeployEvent[] = [];
  const pointerFile = options.pointerFile ?? join(await temporaryFolder(), 'deploy', 'x.json');
  const service = createDeployService({
    fleet,
    rules: RULES,
    configured: configured.dir,
    pointerFile,
    check: loadBundle,
    async load(bundle: VerifiedBundle) {
      loaded.push(bundle.manifest.version);
      return models.get(bundle.manifest.version) ?? double({ kind: 'answers', p: 0.9 }, 0);
    },
    processes: options.processes ?? 1,
    onEvent: (event) => events.push(event),
  });
  const order = async (what: string, details: Readonly<Record<string, unknown>> = {}) =>
    await service.handle({ do: what, with: details }, () => undefined);
  return {
    ...{ fleet, service, order, events, loaded, live, configured, pointerFile },
    /** A bundle of that version, and the model that it is loaded as. */
    async model(version: string, model: Classifier = double({ kind: 'answers', p: 0.9 }, 0)) {
      models.set(version, model);
      return await bundleOf('mean-uint8', { version });
    },
    /** Asks so many pictures, each of which takes so long. */
    async ask(count: number, ms = 1) {
      const names: string[] = [];
      for (let i = 0; i < count; i += 1) {
        const answer = fleet.predict(picture(i), { deadline: clock + 4_000 });
        clock += ms;
        names.push((await answer).model.version);
      }
      return names;
    },
  };
}

const begin = ({ dir }: VerifiedBundle, share = 1) => ({ bundle: dir, share });

test('a model that leaves ends only when all that it was given is answered', async () => {
  const old = held(0.9);
  const it = await miner({ live: old });
  const asked = [1, 2].map((n) => it.fleet.predict(picture(n), { deadline: 9_000 }));
  await it.order('canary', begin(await it.model('2.0.0')));
  await it.order('promote', { force: true });
  expect(await it.ask(1)).toEqual(['2.0.0']);
  expect([old.waiting(), old.closed]).toEqual([2, 0]);
  old.release();
  for (const { prediction, model } of await Promise.all(asked))
    expect([prediction.source, model.version]).toEqual(['model', '1.0.0']);
  await it.fleet.settled();
  expect(old.closed).toBe(1);
});

test.each<[string, Double, number, RegExp]>([
  ['is slow', double({ kind: 'answers', p: 0.9 }, 0), 1_500, /95 of 100 answers take up to 1500 ms/],
  ['fails', double({ kind: 'refuses', reason: 'engine-failed' }, 0), 1, /30 of 30 answers failed/],
  [
    'decides otherwise',
    double({ kind: 'answers', p: 0.1 }, 0),
    1,
    /otherwise than the live model on (\d+) of \1 pictures/,
  ],
])('a canary that %s is rolled back by itself, and the history says why', async (_, model, ms, why) => {
  const it = await miner();
  await it.order('canary', begin(await it.model('2.0.0', model)));
  await it.ask(30, ms);
  // What is compared is known a little after the answer.
  await expect
    .poll(() => {
      it.service.tick();
      return it.fleet.trial;
    })
    .toBeNull();
  expect(it.events.map(({ action }) => action)).toEqual(['canary', 'auto-rollback']);
  expect(it.events.at(-1)?.why).toMatch(why);
  expect(it.events.at(-1)?.figures?.answers).toBe(30);
  await it.fleet.settled();
  expect(model.closed).toBe(1);
  expect(await it.ask(1)).toEqual(['1.0.0']);
});

test('a canary that does well stays, and is promoted once it is proved', async () => {
  const it = await miner();
  await it.order('canary', begin(await it.model('2.0.0')));
  await it.ask(3);
  it.service.tick();
  await expect(it.order('promote')).rejects.toMatchObject({ code: 'ERR_DEPLOY_WORSE' });
  await it.ask(1);
  expect(await it.order('promote')).toMatchObject({ live: { version: '2.0.0' }, busy: false });
  expect(await it.ask(1)).toEqual(['2.0.0']);
});

test('a candidate has half of the time, and the live model all that is left', async () => {
  const it = await miner();
  const model = double({ kind: 'refuses', reason: 'deadline' }, 0);
  await it.order('canary', begin(await it.model('2.0.0', model)));
  await it.ask(1);
  expect(model.deadlines).toEqual([2_000]);
  expect(it.live.deadlines).toEqual([4_000]);
});

test('a shadow delays nothing: it is asked after the answer, twice at a time at the most', async () => {
  const live = held(0.9);
  const it = await miner({ live });
  const shadow = held(0.9);
  await it.order('shadow', begin(await it.model('2.0.0', shadow)));
  for (let n = 1; n <= 4; n += 1) {
    const answer = it.fleet.predict(picture(n), { deadline: 9_000 });
    expect(shadow.waiting()).toBe(Math.min(n - 1, 2));
    live.release();
    expect((await answer).model.version).toBe('1.0.0');
  }
  expect(shadow.waiting()).toBe(2);
});

test('of answers that come together, a shadow is shown two', async () => {
  const live = held(0.9);
  const it = await miner({ live });
  const shadow = held(0.9);
  await it.order('shadow', begin(await it.model('2.0.0', shadow)));
  const answers = [1, 2, 3, 4].map((n) => it.fleet.predict(picture(n), { deadline: 9_000 }));
  live.release();
  await Promise.all(answers);
  expect(shadow.waiting()).toBe(2);
});

test('a canary is not compared while somebody waits for the live model', async () => {
  const live = held(0.9);
  const it = await miner({ live });
  await it.order('canary', begin(await it.model('2.0.0'), 0.5));
  const [own, other] = [true, false].map((wanted) =>
    Array.from({ length: 50 }, (_, n) => picture(n)).find((image) => isOfShare(image, 0.5) === wanted),
  );
  if (own === undefined || other === undefined) throw new Error('no pictures of both kinds');
  const waits = it.fleet.predict(other, { deadline: 9_000 });
  expect((await it.fleet.predict(own, { deadline: 9_000 })).model.version).toBe('2.0.0');
  expect(live.waiting()).toBe(1);
  live.release();
  await waits;
  await it.fleet.predict(own, { deadline: 9_000 });
  expect(live.waiting()).toBe(1);
});

test.skipIf(process.platform === 'win32')(
  'a shadow’s processes have a low priority, and go when it is promoted',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const it = await miner();
    const shadow = double({ kind: 'answers', p: 0.9 }, 0);
    const stats = { ...shadow.stats(), pids: [child.pid ?? 0] };
    const bundle = await it.model('2.0.0', { ...shadow, stats: () => stats, close: () => shadow.close() });
    await it.order('shadow', begin(bundle));
    expect(getPriority(child.pid)).toBe(10);
    await it.order('promote', { force: true });
    expect(await it.order('status')).toMatchObject({ live: { version: '2.0.0' }, candidate: null });
    await it.fleet.settled();
    expect(shadow.closed).toBe(1);
  },
);

test('what is being promoted is not judged meanwhile', async () => {
  const it = await miner();
  const fails = double({ kind: 'refuses', reason: 'engine-failed' }, 0);
  await it.order('canary', begin(await it.model('2.0.0', fails)));
  await it.ask(20);
  const promoting = it.order('promote', { force: true });
  it.service.tick();
  expect(await promoting).toMatchObject({ live: { version: '2.0.0' } });
  expect(it.events.map(({ action }) => action)).toEqual(['canary', 'promote']);
});

test('one that is slower than the deadline is refused before it gets a picture', async () => {
  const it = await miner();
  const slow = double({ kind: 'answers', p: 0.9 }, 0, 1_001);
  const bundle = await it.model('2.0.0', slow);
  await expect(it.order('canary', begin(bundle))).rejects.toMatchObject({ code: 'ERR_DEPLOY_SLOW' });
  expect([slow.closed, slow.deadlines, it.fleet.trial]).toEqual([1, [], null]);
  expect(it.events).toMatchObject([{ action: 'refused', why: expect.stringContaining('1001 ms') }]);
});

test('one that is damaged is refused before it is loaded, and the history says why', async () => {
  const it = await miner();
  const bundle = await it.model('2.0.0');
  const path = join(bundle.dir, 'model.onnx');
  const before = await identityOf(bundle);
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  await expect(it.order('canary', begin(bundle))).rejects.toMatchObject({ code: 'ERR_BUNDLE_DAMAGED' });
  writeFileSync(join(bundle.dir, 'sv72.json'), '{"format": 99}');
  await expect(it.order('ab', begin(bundle))).rejects.toMatchObject({
    code: expect.stringMatching(/^ERR_BUNDLE_/),
  });
  rmSync(bundle.dir, { recursive: true });
  await expect(it.order('shadow', begin(bundle))).rejects.toMatchObject({ code: 'ERR_BUNDLE_MISSING' });
  expect([it.loaded, it.fleet.trial]).toEqual([[], null]);
  const { dir } = bundle;
  expect(it.events).toMatchObject([
    {
      action: 'refused',
      model: before,
      why: expect.stringContaining('model.onnx'),
    },
    {
      action: 'refused',
      model: { name: 'bundle', version: '(unknown)', dir },
      why: expect.stringContaining('99'),
    },
    { action: 'refused', model: { name: 'bundle', version: '(unknown)', dir, manifestSha256: '' } },
  ]);
});

test('one that changed while it was tried is not promoted, and the history says why', async () => {
  const it = await miner();
  const bundle = await it.model('2.0.0');
  await it.order('canary', begin(bundle));
  const path = join(bundle.dir, 'sv72.json');
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
  await expect(it.order('promote', { force: true })).rejects.toMatchObject({ code: 'ERR_DEPLOY_NONE' });
  expect(it.events.map(({ action }) => action)).toEqual(['canary', 'refused']);
});

test('one for which there is no memory is refused before it is loaded', async () => {
  const it = await miner({ processes: 1_000_000 });
  const order = it.order('shadow', begin(await it.model('2.0.0')));
  await expect(order).rejects.toMatchObject({ code: 'ERR_DEPLOY_MEMORY' });
  expect(it.loaded).toEqual([]);
  expect(it.events).toMatchObject([{ action: 'refused' }]);
});

test('one that is worse on labelled pictures is refused', async () => {
  const it = await miner();
  const no = double({ kind: 'answers', p: 0.1 }, 0);
  const probes = Array.from({ length: 8 }, () => ({ image: 'AAAA', label: 1 }));
  const order = it.order('canary', { ...begin(await it.model('2.0.0', no)), probes });
  await expect(order).rejects.toMatchObject({
    code: 'ERR_DEPLOY_WORSE',
    message: expect.stringContaining('0 of 8 labelled probes right, the live model 8'),
  });
  expect(no.closed).toBe(1);
});

test('there is one change at a time, and one candidate', async () => {
  const it = await miner();
  const [first, second] = [await it.model('2.0.0'), await it.model('3.0.0')];
  const changing = it.order('canary', begin(first));
  expect(await it.order('status')).toMatchObject({ busy: true, candidate: null });
  await expect(it.order('rollback')).rejects.toMatchObject({ code: 'ERR_DEPLOY_BUSY' });
  expect(await changing).toMatchObject({ busy: false, candidate: { model: { version: '2.0.0' } } });
  await expect(it.order('ab', begin(second))).rejects.toMatchObject({ code: 'ERR_DEPLOY_BUSY' });
});

test.each(['canary', 'shadow'])(
  'a %s whose bundle was changed since is not promoted: a restart would serve something else',
  async (mode) => {
    const it = await miner();
    const bundle = await it.model('2.0.0');
    await it.order(mode, begin(bundle));
    const path = join(bundle.dir, 'sv72.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('A graph for tests.', 'Another graph.'));
    await expect(it.order('promote', { force: true })).rejects.toThrow(/is no longer mean-uint8 2\.0\.0/);
    expect(await it.order('status')).toMatchObject({ live: { version: '1.0.0' }, candidate: {} });
    expect(await readPointer(it.pointerFile)).toBeNull();
  },
);

test('where the promotion cannot be noted, nothing is changed', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'deploy'), 'a file');
  const it = await miner({ pointerFile: join(folder, 'deploy', 'x.json') });
  await it.order('canary', begin(await it.model('2.0.0')));
  await expect(it.order('promote', { force: true })).rejects.toMatchObject({ code: 'ERR_FILE_WRITE' });
  expect(await it.order('status')).toMatchObject({
    live: { version: '1.0.0' },
    candidate: { model: { version: '2.0.0' } },
  });
});

test('rollback goes back to the model before, and from there forward again', async () => {
  const it = await miner();
  await it.order('canary', begin(await it.model('2.0.0')));
  await it.order('promote', { force: true });
  expect(await readPointer(it.pointerFile)).toMatchObject({
    configured: it.configured.dir,
    live: { version: '2.0.0' },
    previous: { version: '1.0.0' },
  });
  expect(await it.order('rollback')).toMatchObject({
    live: { version: '1.0.0' },
    previous: { version: '2.0.0' },
  });
  expect(await it.order('rollback', { why: 'on second thought' })).toMatchObject({
    live: { version: '2.0.0' },
  });
  expect(it.events.at(-1)).toMatchObject({ action: 'rollback', why: 'on second thought' });
  expect(await it.ask(1)).toEqual(['2.0.0']);
});

test('what was promoted while another bundle was configured is not gone back to', async () => {
  const it = await miner();
  const { dir } = await it.model('2.0.0');
  const model = await identityOf(await loadBundle(dir));
  await writePointer(it.pointerFile, { configured: '/another', live: model, previous: model, at: 1 });
  expect(await it.order('status')).toMatchObject({ previous: null });
  await expect(it.order('rollback')).rejects.toMatchObject({ code: 'ERR_DEPLOY_NONE' });
});
