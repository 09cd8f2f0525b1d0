import { z } from 'zod';
import type { BundleModel, VerifiedBundle } from '../bundle/index.ts';
import type { JobResult, JobSpec } from '../jobs/index.ts';
import { KINDS, type KindName, type Method } from './kinds.ts';
import { outcomeOf } from './outcome.ts';

/** Names inside the job's work folder. */
export const MADE = 'made.onnx';
export const PICTURES = 'pictures.npy';

/** How a graph is converted. */
export interface Recipe {
  readonly kind: KindName;
  /** Of int8-static. */
  readonly method: Method;
  /** int8: 7 bits of 8, for processors whose 8-bit products saturate (no VNNI). */
  readonly reduceRange: boolean;
  /** fp16: by ModelOpt's AutoCast instead of ONNX Runtime's converter. */
  readonly autocast: boolean;
}

/** Whether the conversion looks at pictures. */
export const needsPictures = ({ kind, autocast }: Recipe): boolean =>
  KINDS[kind].calibrated || (kind === 'fp16' && autocast);

/** The job that converts a bundle's graph: onnx and onnxruntime, no torch and no GPU. */
export function quantizeJob(
  bundle: VerifiedBundle,
  base: BundleModel,
  recipe: Recipe,
  work: string,
): JobSpec {
  const { kind, method, reduceRange, autocast } = recipe;
  return {
    kind: 'quantize',
    title: `${bundle.manifest.name} ${bundle.manifest.version} to ${kind}`,
    environment: kind === 'fp16' && autocast ? 'modelopt' : 'quantize',
    image: { kind: 'build' },
    command: [
      ...['python', '-m', 'sv72_train.quantize', '--to', kind],
      ...['--model', { mount: 'bundle', path: base.file.path }],
      ...['--out', { mount: 'work', path: MADE }],
      ...(needsPictures(recipe) ? ['--calibration', { mount: 'work', path: PICTURES }] : []),
      ...(kind === 'int8-static' ? ['--method', method] : []),
      ...(reduceRange && kind !== 'fp16' ? ['--reduce-range'] : []),
      ...(autocast && kind === 'fp16' ? ['--autocast'] : []),
    ],
    mounts: [
      { name: 'work', host: work },
      { name: 'bundle', host: bundle.dir, readonly: true },
    ],
    env: {},
    gpus: 'none',
    limits: {},
    needs: { diskBytes: 3 * base.file.bytes + 100_000_000 },
    stopGraceMs: 2_000,
    network: 'none',
  };
}

const made = z.object({
  made: z.object({ bytes: z.number(), sha256: z.string(), operators: z.record(z.string(), z.number()) }),
  tools: z.record(z.string(), z.string()),
});

/** What a conversion says it made. */
export type Made = z.infer<typeof made>;

/** @throws as `outcomeOf` */
export const madeBy = (result: JobResult): Made =>
  outcomeOf(result, made, { code: 'ERR_QUANTIZE', what: 'The model could not be converted' });
