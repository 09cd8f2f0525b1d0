import { z } from 'zod';
import type { BundleModel, VerifiedBundle } from '../../bundle/index.ts';
import type { JobResult, JobSpec } from '../../jobs/index.ts';
import { outcomeOf } from '../outcome.ts';
import type { Profile } from './key.ts';

/** The image that serves, and has trtexec: one image, one TensorRT. */
export const SERVING_IMAGE = 'nvcr.io/nvidia/tritonserver:26.09-py3';

/** Batches that an engine takes where nothing else is said: challenges come one at a time, or a few. */
export const DEFAULT_PROFILE: Profile = { least: 1, best: 4, most: 16 };

export const PICTURES = 'pictures.npy';
export const ANSWERS = 'answers.json';

export interface EngineJob {
  readonly bundle: VerifiedBundle;
  /** The graph to build from, already in the engine's precision. */
  readonly model: BundleModel;
  readonly precision: 'fp32' | 'fp16';
  readonly profile: Profile;
  readonly image: string;
  readonly gpu: number;
  /** Holds the engine, the pictures and the answers. */
  readonly work: string;
  /** Where TensorRT keeps what it measured. */
  readonly timings: string;
  readonly workspaceMib: number;
}

/** The job that builds an engine on the GPU that serves and has it answer the pictures. */
export function engineJob(job: EngineJob): JobSpec {
  const { bundle, model, precision, profile, work, timings } = job;
  const { name, size, layout } = bundle.manifest.input;
  const [height, width] = size;
  const shape = layout === 'nhwc' ? [height, width, 3] : [3, height, width];
  return {
    kind: 'export-trt',
    title: `TensorRT engine of ${bundle.manifest.name} ${bundle.manifest.version} (${model.name})`,
    environment: 'quantize',
    image: { kind: 'named', name: job.image },
    command: [
      ...['python3', '-m', 'sv72_train.trt_build'],
      ...['--onnx', { mount: 'bundle', path: model.file.path }],
      ...['--out', { mount: 'work' }],
      ...['--input', name, '--shape', shape.join('x')],
      ...['--batches', [profile.least, profile.best, profile.most].join(',')],
      ...['--precision', precision],
      ...['--timing-cache', { mount: 'timings', path: 'timing.cache' }],
      ...['--workspace', String(job.workspaceMib)],
      ...['--pictures', { mount: 'work', path: PICTURES }],
    ],
    mounts: [
      { name: 'work', host: work },
      { name: 'timings', host: timings },
      { name: 'bundle', host: bundle.dir, readonly: true },
    ],
    env: {},
    gpus: [job.gpu],
    limits: { shmBytes: 2 ** 30 },
    needs: { gpu: true, diskBytes: 4 * model.file.bytes + 500_000_000, vramBytes: 2 * 2 ** 30 },
    stopGraceMs: 5_000,
    network: 'none',
  };
}

const built = z.object({
  tensorrt: z.string().regex(/^\d+\.\d+\.\d+$/),
  bytes: z.int().positive(),
  sha256: z.string(),
  layers: z.object({ half: z.int(), full: z.int(), other: z.int() }),
  latencyMs: z.number().positive(),
  answers: z.int().positive(),
});

export type Built = z.infer<typeof built>;

/** @throws as `outcomeOf` */
export const builtBy = (result: JobResult): Built =>
  outcomeOf(result, built, { code: 'ERR_ENGINE_BUILD', what: 'The engine could not be built' });
