import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { loadBundle } from '../../src/bundle/index.ts';
import { type ClassifierOptions, createClassifier } from '../../src/inference/index.ts';
import { challengeImage, createRandom, drawScene } from '../../src/simulate/index.ts';
import { freePort } from './support/ports.ts';
import { type PythonEnvironment, pythonEnvironment } from './support/venvs.ts';

const demo = join(import.meta.dirname, '..', '..', 'models', 'demo');
const INPUTS = [{ name: 'image', datatype: 'UINT8', shape: [-1, 224, 224, 3] }];
const OUTPUTS = [{ name: 'roadwork', datatype: 'FP32', shape: [-1, 1] }];

let python: PythonEnvironment;
let folder: string;
let server: ChildProcess;
let port: number;

function model(name: string, described: object): void {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(
    join(at, 'model-settings.json'),
    JSON.stringify({
      name,
      implementation: 'mlserver_model.OnnxModel',
      parameters: { uri: join(demo, 'model.onnx') },
      ...described,
    }),
  );
}

function start(): ChildProcess {
  return spawn(python.python, [python.script('mlserver'), 'start', folder], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      PYTHONPATH: dirname(python.peer('mlserver_model.py')),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
}

beforeAll(async () => {
  python = await pythonEnvironment('mlserver');
  folder = mkdtempSync(join(tmpdir(), 'sv72-mlserver-'));
  const [rest, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  port = rest;
  const settings = { host: '127.0.0.1', http_port: rest, grpc_port: grpc, metrics_port: metrics };
  writeFileSync(
    join(folder, 'settings.json'),
    JSON.stringify({ ...settings, parallel_workers: 0, debug: false, use_structured_logging: false }),
  );
  model('roadwork', { inputs: INPUTS, outputs: OUTPUTS });
  model('silent', {});
  model('other', {
    inputs: [{ name: 'picture', datatype: 'UINT8', shape: [-1, 224, 224, 3] }],
    outputs: OUTPUTS,
  });
  server = start();
});

afterAll(() => {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function classifierAt(name: string, options: Partial<ClassifierOptions> = {}) {
  const bundle = await loadBundle(demo);
  const classifier = await createClassifier({
    bundle,
    cache: { entries: 0 },
    server: { url: `http://127.0.0.1:${port}`, model: name, remote: false, readyMs: 60_000 },
    ...options,
  });
  onTestFinished(() => classifier.close());
  return classifier;
}

async function pictures(): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (let seed = 0; seed < 12; seed += 1) {
    const { image, maskPoints } = await drawScene(5_000_000 + seed, { width: 400 });
    const generation = seed % 3 === 0 ? 3 : seed % 3 === 1 ? 1 : 2;
    made.push((await challengeImage({ image, maskPoints, generation, rng: createRandom(seed, 'oip') })).jpeg);
  }
  return made;
}

test.each(['roadwork', 'silent'])(
  'MLServer with the model %s: the probabilities of the embedded engine',
  async (name) => {
    const there = await classifierAt(name);
    expect(there.info.engine).toMatch(/^mlserver 1\.7\.1 at /);
    const here = await createClassifier({ bundle: await loadBundle(demo), device: 'cpu' });
    onTestFinished(() => here.close());
    const images = await pictures();
    const deadline = performance.now() + 60_000;
    const answers = await Promise.all(
      images.map((image) => there.predict(Uint8Array.from(image), { deadline })),
    );
    for (const [i, answer] of answers.entries()) {
      expect(answer.source).toBe('model');
      const own = await here.predict(images[i] as Uint8Array, { deadline });
      expect(answer.probability).toBeCloseTo(own.probability, 5);
    }
  },
);

test('a model that is described otherwise, and one that is not there, are refused at the start', async () => {
  await expect(classifierAt('other')).rejects.toMatchObject({
    code: 'ERR_GRAPH_MISMATCH',
    message: expect.stringContaining('has no input "image", but "picture"'),
  });
  await expect(classifierAt('none')).rejects.toMatchObject({ code: 'ERR_SERVER_MODEL' });
});

test('killed in between: the prior in time; started again: answers, without a restart here', async () => {
  const classifier = await classifierAt('roadwork', { prior: 0.25 });
  const [image = new Uint8Array()] = await pictures();
  const ask = () => classifier.predict(Uint8Array.from(image), { deadline: performance.now() + 2_000 });
  expect((await ask()).source).toBe('model');
  server.kill('SIGKILL');
  await once(server, 'exit');
  expect(await ask()).toMatchObject({ source: 'prior', probability: 0.25 });
  server = start();
  await expect.poll(async () => (await ask()).source, { timeout: 90_000, interval: 500 }).toBe('model');
  expect(classifier.stats().restarts).toBe(0);
});
