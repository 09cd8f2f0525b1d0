import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { type ManifestInput, type VerifiedBundle, writeBundle } from '../../src/bundle/index.ts';
import { type Classifier, type ClassifierOptions, createClassifier } from '../../src/inference/index.ts';

type Fixture = 'mean-uint8' | 'weighted-logit' | 'two-class-fixed' | 'white-hangs';
type ManifestFields = Omit<ManifestInput, 'format' | 'files'>;

const MODELS = join(import.meta.dirname, '..', 'fixtures', 'models');

const uint8: ManifestFields['input'] = {
  name: 'image',
  dtype: 'uint8',
  layout: 'nhwc',
  size: [8, 8],
  batch: { kind: 'dynamic', max: 16 },
  resize: { fit: 'stretch', kernel: 'linear', antialias: true },
};

const INPUTS: Readonly<Record<Fixture, ManifestFields['input']>> = {
  'mean-uint8': uint8,
  'white-hangs': uint8,
  'weighted-logit': { ...uint8, dtype: 'float32', layout: 'nchw' },
  'two-class-fixed': { ...uint8, dtype: 'float32', batch: { kind: 'fixed', size: 2 } },
};

const KINDS: Readonly<Record<Fixture, ManifestFields['output']['kind']>> = {
  'mean-uint8': 'probability',
  'white-hangs': 'probability',
  'weighted-logit': 'logit',
  'two-class-fixed': 'two-class',
};

export function manifestFor(fixture: Fixture): ManifestFields {
  return {
    name: fixture,
    version: '1.0.0',
    description: 'A graph for tests.',
    licence: 'Apache-2.0',
    demo: true,
    input: INPUTS[fixture],
    output: { name: 'roadwork', kind: KINDS[fixture] },
    positive: { label: 'Roadwork', index: 1 },
    provenance: { by: 'tests', at: '2026-11-21T00:00:00Z', from: 'test/fixtures/models/make.py' },
  };
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-inference-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function bundleOf(
  fixture: Fixture,
  change: Partial<ManifestFields> = {},
): Promise<VerifiedBundle> {
  return writeBundle({
    dir: join(await temporaryFolder(), 'bundle'),
    manifest: { ...manifestFor(fixture), ...change },
    files: [
      {
        path: 'model.onnx',
        role: 'model',
        precision: 'fp32',
        content: { copyFrom: join(MODELS, `${fixture}.onnx`) },
      },
    ],
  });
}

/** A running classifier, closed when the test is over. */
export async function classifierOf(
  bundle: VerifiedBundle,
  options: Omit<ClassifierOptions, 'bundle'> = {},
): Promise<Classifier> {
  const classifier = await createClassifier({ bundle, device: 'cpu', ...options });
  onTestFinished(() => classifier.close());
  return classifier;
}

/** An image of one colour as PNG (or JPEG), 8 pixels square unless said otherwise. */
export async function plain(
  colour: { r: number; g: number; b: number } | number,
  { width = 8, height = 8, format = 'png' as 'png' | 'jpeg' } = {},
): Promise<Buffer> {
  const background = typeof colour === 'number' ? { r: colour, g: colour, b: colour } : colour;
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}
