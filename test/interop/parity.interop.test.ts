import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBundle, type ManifestInput, type VerifiedBundle, writeBundle } from '../../src/bundle/index.ts';
import { createClassifier } from '../../src/inference/index.ts';
import { type PythonEnvironment, pythonEnvironment } from './support/venvs.ts';

const scripts = join(import.meta.dirname, 'parity');
const demo = join(import.meta.dirname, '..', '..', 'models', 'demo');

type Fields = Omit<ManifestInput, 'format' | 'files'>;
const imageNet: Fields['input'] = {
  name: 'image',
  dtype: 'float32',
  layout: 'nchw',
  size: [224, 224],
  batch: { kind: 'dynamic', max: 8 },
  resize: { fit: 'stretch', kernel: 'linear', antialias: true },
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

let python: PythonEnvironment;
let folder: string;
let images: string;
let network: string;

const run = async (script: string, ...args: string[]) => {
  const { stdout } = await execa(python.python, [join(scripts, script), ...args]);
  return stdout;
};

beforeAll(async () => {
  python = await pythonEnvironment('parity');
  folder = await mkdtemp(join(tmpdir(), 'sv72-parity-'));
  images = join(folder, 'images');
  network = join(folder, 'network.onnx');
  await mkdir(images);
  await Promise.all([run('images.py', images), run('network.py', network)]);
}, 900_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Difference {
  readonly file: string;
  readonly python: number;
  readonly ours: number;
  readonly by: number;
}

/** Both sides' probabilities of all images, worst first. Sizes have to agree. */
async function differences(bundle: VerifiedBundle): Promise<Difference[]> {
  const answers: Record<string, { width: number; height: number; probability: number }> = JSON.parse(
    await run('reference.py', bundle.dir, images),
  );
  const classifier = await createClassifier({ bundle, device: 'cpu', defaultTimeoutMs: 60_000 });
  try {
    const files = await readdir(images);
    expect(Object.keys(answers).sort()).toEqual(files.sort());
    const found: Difference[] = [];
    for (const file of files) {
      const ours = await classifier.predict(await readFile(join(images, file)));
      const theirs = answers[file];
      expect({ file, source: ours.source, detail: ours.detail }).toEqual({ file, source: 'model' });
      expect([file, ours.width, ours.height]).toEqual([file, theirs?.width, theirs?.height]);
      const probability = theirs?.probability ?? Number.NaN;
      found.push({
        file,
        python: probability,
        ours: ours.probability,
        by: Math.abs(ours.probability - probability),
      });
    }
    return found.sort((a, b) => b.by - a.by);
  } finally {
    await classifier.close();
  }
}

/** Above 4 megapixels JPEGs are decoded at a reduced scale; all other pixels are the same on both sides. */
const reduced = (file: string) => file.includes('-reduced');

function agree(found: readonly Difference[]): void {
  const exact = found.filter(({ file }) => !reduced(file));
  expect(exact.length).toBeGreaterThanOrEqual(60);
  expect(exact.filter(({ by }) => by > 1e-5)).toEqual([]);
  expect(found.filter(({ by }) => !(by < 1e-3))).toEqual([]);
  const flipped = found.filter(({ python: p, ours }) => p > 0.5 !== ours > 0.5 && Math.abs(p - 0.5) > 0.02);
  expect(flipped).toEqual([]);
  // A reference that always says the same would prove nothing.
  expect(new Set(found.map(({ python: p }) => p.toFixed(3))).size).toBeGreaterThan(20);
}

describe('the same image gives the same probability in Python and here', () => {
  test.each<[string, Partial<Fields['input']>]>([
    ['stretch, linear', {}],
    ['stretch, cubic', { resize: { fit: 'stretch', kernel: 'cubic', antialias: true } }],
    [
      'letterbox, linear',
      { resize: { fit: 'letterbox', kernel: 'linear', antialias: true, background: [9, 99, 199] } },
    ],
    [
      'cover-crop, lanczos3, bgr',
      { colour: 'bgr', resize: { fit: 'cover-crop', kernel: 'lanczos3', antialias: true } },
    ],
    ['stretch, nearest', { resize: { fit: 'stretch', kernel: 'nearest', antialias: true } }],
  ])(
    'a network on normalised floats: %s',
    async (name, change) => {
      const bundle = await writeBundle({
        dir: join(folder, name.replaceAll(/\W+/g, '-')),
        manifest: {
          name: 'random',
          version: '1.0.0',
          description: 'Random weights.',
          licence: 'Apache-2.0',
          demo: true,
          input: { ...imageNet, ...change },
          output: { name: 'logit', kind: 'logit' },
          positive: { label: 'Roadwork' },
          calibration: { inGraph: false, temperature: 1.5, bias: 0.1 },
          provenance: { by: 'tests', at: '2026-11-21T00:00:00Z', from: 'test/interop/parity/network.py' },
        },
        files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: network } }],
      });
      agree(await differences(bundle));
    },
    120_000,
  );

  test.runIf(existsSync(demo))(
    'the demonstration model',
    async () => {
      agree(await differences(await loadBundle(demo)));
    },
    120_000,
  );
});
