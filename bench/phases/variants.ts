import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainerPython } from '../../scripts/demo/python.ts';
import { baseModel, loadBundle, type VerifiedBundle, writeBundle } from '../../src/bundle/index.ts';
import { candidateBundle } from '../../src/variants/candidate.ts';
import { KINDS, type KindName } from '../../src/variants/index.ts';
import { measureLatency } from '../../src/variants/latency.ts';
import { createArray } from '../../src/variants/npy.ts';
import { makeJpeg } from '../requests/images.ts';

/** One variant beside the model it was made from, on the embedded engine. */
export interface VariantLatency {
  readonly model: string;
  readonly variant: KindName;
  readonly threads: number;
  readonly sourceMs: number;
  readonly variantMs: number;
  readonly sourceMb: number;
  readonly variantMb: number;
}

/** Random weights tell as much about speed as any. */
const LARGE = ['convnext_tiny', 'vit_small_patch16_dinov3'];
const CALIBRATION = 16;

const EXPORT = `
import sys
from pathlib import Path
from sv72_train.export import export_onnx
from sv72_train.model import Served
from sv72_train.recipe import Backbone
from sv72_train.weights import first_net
net, card = first_net(Backbone(sys.argv[1], pretrained=False), None, 1)
export_onnx(Served(net.eval(), card.side, 0.0, 1.0), Path(sys.argv[2]))
`;

/**
 * Latency of the demonstration model's variants, and of those of a convolutional net and a transformer, in the
 * environment of the trainer's tests. Only speed: whether a variant decides alike is the gate's question.
 *
 * @param large also the two large nets, which takes minutes
 */
export async function measureVariants(root: string, large: boolean): Promise<VariantLatency[]> {
  const cache = process.env.SV72_TRAINER_CACHE ?? join(root, '.cache', 'demo');
  mkdirSync(cache, { recursive: true });
  const trainer = join(root, 'templates', 'train');
  const python = await trainerPython(trainer, cache);
  const run = (...words: string[]): void => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const { status, stderr } = spawnSync(python, words, { cwd: trainer, encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr.slice(-2_000)}`);
  };
  const folder = mkdtempSync(join(tmpdir(), 'sv72-bench-'));
  try {
    const demo = await loadBundle(join(root, 'models', 'demo'));
    const bundles = [demo];
    for (const name of large ? LARGE : []) {
      const graph = join(folder, `${name}.onnx`);
      run('-c', EXPORT, name, graph);
      bundles.push(await randomBundle(demo, name, graph, folder));
    }
    const jpegs = await Promise.all([12_000, 13_000, 14_000, 15_000].map((size) => makeJpeg(size, 224, 224)));
    const results: VariantLatency[] = [];
    for (const bundle of bundles) {
      for (const kind of Object.keys(KINDS) as KindName[]) {
        results.push(
          await measureOne(bundle, kind, join(folder, `${bundle.manifest.name}-${kind}`), jpegs, run),
        );
      }
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function randomBundle(
  like: VerifiedBundle,
  name: string,
  graph: string,
  folder: string,
): Promise<VerifiedBundle> {
  const { format: _, files: __, variants: ___, metrics: ____, ...same } = like.manifest;
  return writeBundle({
    dir: join(folder, name),
    manifest: { ...same, name: name.replaceAll('_', '-') },
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: graph } }],
  });
}

async function measureOne(
  source: VerifiedBundle,
  kind: KindName,
  folder: string,
  jpegs: readonly Uint8Array[],
  run: (...words: string[]) => void,
): Promise<VariantLatency> {
  const { manifest } = source;
  const base = baseModel(manifest);
  mkdirSync(folder);
  const [pictures, made] = [join(folder, 'pictures.npy'), join(folder, 'made.onnx')];
  const [height, width] = manifest.input.size;
  const array = await createArray(pictures, 'uint8', [CALIBRATION, height, width, 3]);
  for (let i = 0; i < CALIBRATION; i++) {
    await array.put(
      i,
      Uint8Array.from({ length: height * width * 3 }, (_, at) => (at * (i + 7)) % 256),
    );
  }
  await array.close();
  run(
    '-m',
    'sv72_train.quantize',
    '--to',
    kind,
    '--model',
    source.pathOf(base.file),
    '--out',
    made,
    '--calibration',
    pictures,
  );
  const candidate = await candidateBundle(folder, manifest, KINDS[kind].precision, made);
  const { threads, sourceMs, variantMs } = await measureLatency({
    source,
    base,
    candidate,
    device: 'cpu',
    jpegs,
  });
  const megabytes = (bytes: number): number => Number((bytes / 1e6).toPrecision(3));
  return {
    model: manifest.name,
    variant: kind,
    threads,
    sourceMs,
    variantMs,
    sourceMb: megabytes(base.file.bytes),
    variantMb: megabytes(candidate.model().bytes),
  };
}
