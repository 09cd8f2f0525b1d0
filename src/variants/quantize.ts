import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BundleModel,
  baseModel,
  loadBundle,
  type Precision,
  type Variant,
  type VerifiedBundle,
} from '../bundle/index.ts';
import { makeJpegs, type View } from '../evaluate/index.ts';
import type { Device } from '../inference/index.ts';
import type { JobResult, JobSpec } from '../jobs/index.ts';
import { adopt, variantPath } from './adopt.ts';
import { asideFolder, setAside } from './aside.ts';
import { candidateBundle } from './candidate.ts';
import { judge } from './gate.ts';
import { MADE, type Made, madeBy, needsPictures, PICTURES, quantizeJob, type Recipe } from './job.ts';
import { KINDS } from './kinds.ts';
import { measureLatency } from './latency.ts';
import { type GateOptions, termsOf } from './options.ts';
import {
  calibrationViews,
  gateViews,
  type PictureSource,
  pictureSource,
  writeGraphInputs,
} from './pictures.ts';
import { prove } from './prove.ts';
import { workFolder } from './work-folder.ts';

export interface QuantizeOptions extends GateOptions {
  readonly bundleDir: string;
  readonly recipe: Recipe;
  /** Pictures that calibration looks at. */
  readonly calibration: number;
  /** Where the gate runs. */
  readonly device: Device | 'auto';
  /** Name of the GPU, if it should run on one: it stands beside the latency. */
  readonly gpu?: string | undefined;
}

export interface Quantized {
  readonly record: Variant;
  readonly bytes: number;
  readonly sourceBytes: number;
  readonly bundle: VerifiedBundle;
  /** Where it was put: in the bundle, or aside when it did not pass. */
  readonly file: string;
}

/** A conversion that is ready to run. */
export interface Quantizing {
  readonly bundle: VerifiedBundle;
  /** To be run by the caller. */
  readonly spec: JobSpec;
  /**
   * Judges what the job made, and puts it into the bundle or aside.
   *
   * @throws Sv72Error ERR_QUANTIZE, ERR_GATE_PICTURES, ERR_INTERRUPTED, ERR_VARIANT_STALE, those of the engine
   */
  finish(result: JobResult): Promise<Quantized>;
  /** Removes what is not needed any more. */
  close(): Promise<void>;
}

/**
 * Makes a variant of a bundle's model, has it prove on augmented pictures that it is as good, and puts it into the
 * bundle; one that does not pass is kept aside and the bundle stays as it is.
 *
 * @throws as `prepareQuantize` and `Quantizing.finish`
 */
export async function quantize(
  options: QuantizeOptions & { readonly runJob: (spec: JobSpec) => Promise<JobResult> },
): Promise<Quantized> {
  const quantizing = await prepareQuantize(options);
  try {
    return await quantizing.finish(await options.runJob(quantizing.spec));
  } finally {
    await quantizing.close();
  }
}

/**
 * Checks the bundle and the dataset and writes the pictures that the conversion looks at.
 *
 * @throws Sv72Error ERR_GATE_PICTURES, ERR_INTERRUPTED, those of `loadBundle` and `openDataset`
 */
export async function prepareQuantize(options: QuantizeOptions): Promise<Quantizing> {
  const bundle = await loadBundle(options.bundleDir);
  const base = baseModel(bundle.manifest);
  const source = await pictureSource(options.data);
  const scratch = await workFolder('sv72-quantize-', { parent: options.scratch, inUse: options.inUse });
  const close = () => rm(scratch, { recursive: true, force: true });
  try {
    const wanted = needsPictures(options.recipe) && options.dryRun !== true;
    const calibrated = wanted ? await writeCalibration(scratch, bundle, source, options) : 0;
    return {
      bundle,
      spec: quantizeJob(bundle, base, options.recipe, scratch),
      finish: async (result) =>
        finish({ options, bundle, base, source, scratch, calibrated }, madeBy(result)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Work {
  readonly options: QuantizeOptions;
  readonly bundle: VerifiedBundle;
  readonly base: BundleModel;
  readonly source: PictureSource;
  readonly scratch: string;
  /** Pictures that the conversion looked at. */
  readonly calibrated: number;
}

async function finish(work: Work, { made, tools }: Made): Promise<Quantized> {
  const { options, bundle, base, source, scratch, calibrated } = work;
  const { recipe, conditions, signal, memory, onStage } = options;
  const file = join(scratch, MADE);
  const { precision } = KINDS[recipe.kind];
  const candidate = await candidateBundle(scratch, bundle.manifest, precision, file);
  const views = gateViews(source.gate, options.pictures, conditions);
  const proof = await prove({
    source: bundle,
    base,
    candidate,
    views,
    device: options.device,
    signal,
    memory,
    onAnswers: (done) => onStage?.(`${done} of ${views.length} augmented pictures`),
  });
  const gate = judge(proof.pairs, proof.unanswered, termsOf(options, source, proof.device));
  onStage?.('how fast it is');
  const jpegs = await someJpegs(views, signal);
  const record: Variant = {
    name: recipe.kind,
    path: variantPath(recipe.kind, made.sha256),
    from: { path: base.file.path, sha256: base.file.sha256 },
    at: new Date((options.now ?? Date.now)()).toISOString(),
    settings: settingsOf(recipe, calibrated),
    tools,
    gate,
    latency: await measureLatency({
      ...{ source: bundle, base, candidate, device: proof.device, jpegs },
      gpu: options.gpu,
    }),
  };
  const place = await settle(bundle, record, precision, file, made.bytes);
  return { record, bytes: made.bytes, sourceBytes: base.file.bytes, ...place };
}

async function writeCalibration(
  scratch: string,
  bundle: VerifiedBundle,
  source: PictureSource,
  { calibration, conditions, signal, onStage }: QuantizeOptions,
): Promise<number> {
  const wanted = calibrationViews(source.calibration, calibration, conditions);
  let done = 0;
  await writeGraphInputs(join(scratch, PICTURES), wanted, bundle.manifest.input, {
    signal,
    onView: () => onStage?.(`${++done} of ${wanted.length} pictures to calibrate with`),
  });
  return wanted.length;
}

async function settle(
  bundle: VerifiedBundle,
  record: Variant,
  precision: Precision,
  file: string,
  bytes: number,
): Promise<{ bundle: VerifiedBundle; file: string }> {
  if (!record.gate.passed) {
    return { bundle, file: join(await setAside(bundle.dir, record, file, bytes), 'model.onnx') };
  }
  const changed = await adopt(bundle.dir, record, precision, file);
  await rm(join(asideFolder(bundle.dir), record.name), { recursive: true, force: true });
  return { bundle: changed, file: join(changed.dir, record.path) };
}

function settingsOf(recipe: Recipe, calibrated: number): Variant['settings'] {
  const { kind, method, reduceRange, autocast } = recipe;
  if (kind === 'fp16') return { by: autocast ? 'modelopt autocast' : 'onnxruntime float16' };
  return {
    reduceRange,
    ...(kind === 'int8-static' && { method, calibration: calibrated, scheme: 'QDQ, U8S8, per channel' }),
    ...(kind === 'int8-dynamic' && { operators: 'MatMul, Gemm' }),
  };
}

async function someJpegs(views: readonly View[], signal: AbortSignal | undefined): Promise<Uint8Array[]> {
  const jpegs: Uint8Array[] = [];
  await makeJpegs(
    views.slice(0, 8),
    async (_, jpeg) => {
      jpegs.push(jpeg);
    },
    { makers: 1, ...(signal && { signal }) },
  );
  return jpegs;
}
