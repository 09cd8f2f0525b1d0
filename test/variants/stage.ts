import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { type VerifiedBundle, writeBundle } from '../../src/bundle/index.ts';
import { type NewPicture, writeDataset } from '../../src/data/index.ts';
import type { JobResult, JobSpec } from '../../src/jobs/index.ts';
import { createRandom } from '../../src/simulate/index.ts';
import type { QuantizeOptions } from '../../src/variants/index.ts';
import { manifestFor } from '../inference/models.ts';

const MEAN = join(import.meta.dirname, '..', 'fixtures', 'models', 'mean-uint8.onnx');

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-variants-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A bundle whose model calls bright pictures roadwork, by their mean. */
export async function brightBundle(folder: string): Promise<VerifiedBundle> {
  return writeBundle({
    dir: join(folder, 'bundle'),
    manifest: manifestFor('mean-uint8'),
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: MEAN } }],
  });
}

/** Bright pictures of roadwork, dark ones of none: as many of each, in all three parts. */
export async function brightDataset(
  folder: string,
  count: number,
  labels: readonly (0 | 1)[] = [0, 1],
): Promise<string> {
  const dir = join(folder, 'dataset');
  function* pictures(): Generator<NewPicture> {
    for (let i = 0; i < count; i++) {
      const label = labels[i % labels.length] ?? 0;
      yield {
        origin: `picture ${i}`,
        label,
        source: 'drawn',
        group: `place ${i}`,
        load: () => picture(i, label),
      };
    }
  }
  await writeDataset({
    dir,
    name: 'bright',
    made: { by: 'tests', command: null },
    sources: [
      { id: 'drawn', title: 'Blotches', licence: 'CC0-1.0', attribution: null, url: null, revision: null },
    ],
    split: { seed: 1, shares: { train: 0.4, validation: 0.3, test: 0.3 } },
    pictures: pictures(),
  });
  return dir;
}

async function picture(seed: number, label: 0 | 1): Promise<Uint8Array> {
  const random = createRandom(seed, 'blotches');
  const [low, high] = label === 1 ? [150, 255] : [0, 105];
  const raw = Buffer.from(Array.from({ length: 8 * 6 * 3 }, () => random.integer(low, high)));
  return sharp(raw, { raw: { width: 8, height: 6, channels: 3 } })
    .resize(64, 48, { kernel: 'cubic', fit: 'fill' })
    .png()
    .toBuffer();
}

/** Stands in for the conversion: writes a graph where a job would, and says what a job would. */
export function converter(change: (graph: Buffer) => Buffer): (spec: JobSpec) => Promise<JobResult> {
  return async (spec) => {
    const work = spec.mounts.find(({ name }) => name === 'work')?.host ?? '';
    const graph = change(await readFile(MEAN));
    await writeFile(join(work, 'made.onnx'), graph);
    const sha256 = createHash('sha256').update(graph).digest('hex');
    return jobResult('done', {
      made: { bytes: graph.length, sha256, operators: { ReduceMean: 1 } },
      tools: { onnxruntime: '1.31.1' },
    });
  };
}

/** The mean divided by something else than 255, which is in the graph once. */
export const dividedBy =
  (white: number) =>
  (graph: Buffer): Buffer => {
    const [before, after] = [Buffer.alloc(4), Buffer.alloc(4)];
    before.writeFloatLE(255);
    after.writeFloatLE(white);
    const at = graph.indexOf(before);
    if (at < 0) throw new Error('the graph has no 255');
    const changed = Buffer.from(graph);
    after.copy(changed, at);
    return changed;
  };

export function jobResult(outcome: JobResult['outcome'], data?: Record<string, unknown>): JobResult {
  return {
    id: 'quantize-1',
    runtime: 'local',
    outcome,
    exitCode: outcome === 'done' ? 0 : 1,
    lastProgress: null,
    lastResult: data === undefined ? null : { event: 'result', data },
    warnings: [],
    lastLines: ['it went wrong'],
    logFile: '/nowhere/log.txt',
    seconds: 1,
  };
}

export function optionsFor(
  bundleDir: string,
  data: string,
  change: Partial<QuantizeOptions> = {},
): QuantizeOptions {
  return {
    bundleDir,
    data,
    recipe: { kind: 'int8-static', method: 'percentile', reduceRange: false, autocast: false },
    calibration: 8,
    pictures: 40,
    limit: 0.002,
    conditions: { generations: [2], levels: [0, 1], seed: 0 },
    device: 'cpu',
    ...change,
  };
}
