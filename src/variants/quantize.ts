import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseModel, loadBundle, type Variant, type VerifiedBundle } from '../bundle/index.ts';
import { makeJpegs, type View } from '../evaluate/index.ts';
import type { Device } from '../inference/index.ts';
import type { JobResult, JobSpec } from '../jobs/index.ts';
import { adopt, variantPath } from './adopt.ts';
import { asideFolder, setAside } from './aside.ts';
import { candidateBundle } from './candidate.ts';
import { judge } from './gate.ts';
import { MADE, madeBy, needsPictures, PICTURES, quantizeJob, type Recipe } from './job.ts';
import { KINDS } from './kinds.ts';
import { measureLatency } from './latency.ts';
import {
  type Conditions,
  calibrationViews,
  gateViews,
  type PictureSource,
  pictureSource,
  writeGraphInputs,
} from './pictures.ts';
import { prove } from './prove.ts';

export interface QuantizeOptions {
  readonly bundleDir: string;
  readonly recipe: Recipe;
  /** Folder of a dataset. */
  readonly data: string;
  /** Pictures that calibration looks at. */
  readonly calibration: number;
  /** Augmented pictures of the gate, at least. */
  readonly pictures: number;
  /** The largest share of decisions that may differ. */
  readonly limit: number;
  readonly conditions: Conditions;
  /** Where the gate runs. */
  readonly device: Device | 'auto';
  /** Runs the conversion. */
  readonly runJob: (spec: JobSpec) => Promise<JobResult>;
  /** For what is needed only while this runs; default the system's. */
  readonly scratch?: string;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly onStage?: (stage: Stage) => void;
}

/** What is going on. */
export type Stage =
  | { readonly name: 'pictures' | 'gate'; readonly done: number; readonly of: number }
  | { readonly name: 'convert' | 'latency' };

export interface Quantized {
  readonly record: Variant;
  readonly bytes: number;
  readonly sourceBytes: number;
  readonly bundle: VerifiedBundle;
  /** Where it was put: in the bundle, or aside when it did not pass. */
  readonly file: string;
}

/**
 * Makes a variant of a bundle's model, has it prove that it is as good on augmented pictures, and puts it into the
 * bundle; one that does not pass is kept aside and the bundle stays as it is.
 *
 * @throws Sv72Error ERR_QUANTIZE, ERR_GATE_PICTURES, ERR_INTERRUPTED, ERR_VARIANT_STALE, those of `loadBundle`,
 *   `openDataset` and the engine
 */
export async function quantize(options: QuantizeOptions): Promise<Quantized> {
  const { recipe, conditions, signal, onStage } = options;
  const bundle = await loadBundle(options.bundleDir);
  const base = baseModel(bundle.manifest);
  const { precision } = KINDS[recipe.kind];
  const source = await pictureSource(options.data);
  const scratch = await mkdtemp(join(options.scratch ?? tmpdir(), 'sv72-quantize-'));
  try {
    const calibrated = needsPictures(recipe) ? await writeCalibration(scratch, bundle, source, options) : 0;
    onStage?.({ name: 'convert' });
    const { made, tools } = madeBy(await options.runJob(quantizeJob(bundle, base, recipe, scratch)));
    const file = join(scratch, MADE);
    const candidate = await candidateBundle(scratch, bundle.manifest, precision, file);

    const views = gateViews(source.gate, options.pictures, conditions);
    const proof = await prove({
      source: bundle,
      base,
      candidate,
      views,
      device: options.device,
      signal,
      onAnswers: (done) => onStage?.({ name: 'gate', done, of: views.length }),
    });
    const { name, fingerprint } = source;
    const gate = judge(proof.pairs, proof.unanswered, {
      device: proof.device,
      dataset: { name, fingerprint },
      generations: [...conditions.generations],
      levels: [...conditions.levels],
      seed: conditions.seed,
      limit: options.limit,
    });
    onStage?.({ name: 'latency' });
    const jpegs = await someJpegs(views, signal);
    const record: Variant = {
      name: recipe.kind,
      path: variantPath(recipe.kind, made.sha256),
      from: { path: base.file.path, sha256: base.file.sha256 },
      at: new Date((options.now ?? Date.now)()).toISOString(),
      settings: settingsOf(recipe, calibrated),
      tools,
      gate,
      latency: await measureLatency({ source: bundle, base, candidate, device: proof.device, jpegs }),
    };
    const place = await settle(bundle, record, file, made.bytes);
    return { record, bytes: made.bytes, sourceBytes: base.file.bytes, ...place };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
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
    onView: () => onStage?.({ name: 'pictures', done: ++done, of: wanted.length }),
  });
  return wanted.length;
}

async function settle(
  bundle: VerifiedBundle,
  record: Variant,
  file: string,
  bytes: number,
): Promise<{ bundle: VerifiedBundle; file: string }> {
  if (!record.gate.passed) {
    return { bundle, file: join(await setAside(bundle.dir, record, file, bytes), 'model.onnx') };
  }
  const { precision } = KINDS[record.name as keyof typeof KINDS];
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
