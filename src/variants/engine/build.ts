import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type BundleModel,
  baseModel,
  chooseModel,
  loadBundle,
  type VerifiedBundle,
} from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { answersOf, type Pair, type View } from '../../evaluate/index.ts';
import { probabilityAt, valuesPerImage } from '../../inference/index.ts';
import type { Gpu, JobResult, JobSpec } from '../../jobs/index.ts';
import { judge } from '../gate.ts';
import { type GateOptions, termsOf } from '../options.ts';
import { gateViews, type PictureSource, pictureSource, writeGraphInputs } from '../pictures.ts';
import { workFolder } from '../work-folder.ts';
import { type CachedEngine, type EngineRecord, PLAN, storeEngine, type Wanted } from './cache.ts';
import { ANSWERS, type Built, builtBy, engineJob, PICTURES } from './job.ts';
import { type Profile, timingsId } from './key.ts';

/** Which engine of which model. */
export interface EngineChoice {
  readonly bundleDir: string;
  readonly precision: 'fp32' | 'fp16';
  readonly profile: Profile;
  readonly image: string;
  /** The GPU that serves; undefined: there is none here. */
  readonly gpu: Gpu | undefined;
}

export interface EngineOptions extends EngineChoice, GateOptions {
  readonly workspaceMib: number;
  /** Folder of the engines of this machine. */
  readonly cacheDir: string;
}

/** What became of an engine: in the cache when it passed. */
export interface BuiltEngine {
  readonly record: EngineRecord;
  readonly engine: CachedEngine | null;
}

/** An engine that is ready to be built. */
export interface EngineBuilding {
  readonly spec: JobSpec;
  /** @throws Sv72Error ERR_ENGINE_BUILD, ERR_GATE_PICTURES, ERR_INTERRUPTED, ERR_FILE_WRITE */
  finish(result: JobResult): Promise<BuiltEngine>;
  close(): Promise<void>;
}

/**
 * The graph that an engine is built from. Half precision is made in the graph, and is only taken when it passed its gate.
 *
 * @throws Sv72Error ERR_ENGINE_GRAPH, ERR_VARIANT_STALE
 */
function engineGraph(
  { manifest }: VerifiedBundle,
  precision: 'fp32' | 'fp16',
  bundleDir: string,
): BundleModel {
  if (precision === 'fp32') return chooseModel(manifest, 'tensorrt', { precision }).model;
  const base = baseModel(manifest);
  if (base.file.precision === 'fp16') return base;
  try {
    return chooseModel(manifest, 'tensorrt', { variant: 'fp16' }).model;
  } catch (cause) {
    if (!(cause instanceof Sv72Error) || cause.code !== 'ERR_BUNDLE_VARIANT') throw cause;
    throw new Sv72Error(
      'ERR_ENGINE_GRAPH',
      `The bundle ${manifest.name} has no fp16 variant, and TensorRT makes none by itself any more.`,
      {
        next: `Run \`sv72 quantize ${bundleDir} --to fp16 --data DATASET\` first, or use --precision fp32.`,
        cause,
      },
    );
  }
}

/** What an engine of a model must fit on this machine. @throws Sv72Error ERR_JOB_NO_GPU, ERR_ENGINE_GRAPH */
export function wantedEngine(bundle: VerifiedBundle, choice: EngineChoice): Wanted {
  const model = engineGraph(bundle, choice.precision, choice.bundleDir);
  const gpu = mustHaveGpu(choice.gpu);
  const { name, version } = bundle.manifest;
  return {
    model: { name, version, variant: model.name },
    graph: model.file.sha256,
    gpu: gpu.name,
    capability: capabilityOf(gpu),
    image: choice.image,
    profile: choice.profile,
  };
}

/**
 * Checks everything and writes the pictures that the engine has to answer.
 *
 * @throws Sv72Error ERR_JOB_NO_GPU, ERR_ENGINE_GRAPH, ERR_GATE_PICTURES, ERR_INTERRUPTED; those of `loadBundle` and
 *   `openDataset`
 */
export async function prepareEngine(options: EngineOptions): Promise<EngineBuilding> {
  const { precision, profile, image, gpu, cacheDir, workspaceMib, signal, onStage } = options;
  const bundle = await loadBundle(options.bundleDir);
  const model = engineGraph(bundle, precision, options.bundleDir);
  const source = await pictureSource(options.data);
  if (options.dryRun !== true) mustHaveGpu(gpu);
  const work = await workFolder('sv72-engine-', { parent: options.scratch, inUse: options.inUse });
  const close = () => rm(work, { recursive: true, force: true });
  try {
    const views = gateViews(source.gate, options.pictures, options.conditions);
    const timings = join(cacheDir, 'timings', timingsId(image, gpu));
    await mkdir(timings, { recursive: true });
    if (options.dryRun !== true) {
      let done = 0;
      await writeGraphInputs(join(work, PICTURES), views, bundle.manifest.input, {
        signal,
        onView: () => onStage?.(`${++done} of ${views.length} augmented pictures`),
      });
    }
    const spec = engineJob({
      ...{ bundle, model, precision, profile, image, work, timings, workspaceMib },
      gpu: gpu?.index ?? 0,
    });
    return {
      spec,
      finish: async (result) => finish({ options, bundle, model, source, views, work }, builtBy(result)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Work {
  readonly options: EngineOptions;
  readonly bundle: VerifiedBundle;
  readonly model: BundleModel;
  readonly source: PictureSource;
  readonly views: readonly View[];
  readonly work: string;
}

async function finish(work: Work, built: Built): Promise<BuiltEngine> {
  const { options, bundle, model, source } = work;
  const gpu = mustHaveGpu(options.gpu);
  const base = baseModel(bundle.manifest);
  const { pairs, sourceMs } = await compareWithBase(work, base);
  const { tensorrt, bytes, sha256, layers, latencyMs } = built;
  const record: EngineRecord = {
    format: 1,
    key: {
      graph: model.file.sha256,
      gpu: gpu.name,
      capability: capabilityOf(gpu),
      tensorrt,
      profile: options.profile,
    },
    model: { name: bundle.manifest.name, version: bundle.manifest.version, variant: model.name },
    image: options.image,
    driver: gpu.driver,
    precision: options.precision,
    bytes,
    sha256,
    layers,
    gate: judge(pairs.answered, pairs.unanswered, termsOf(options, source, 'tensorrt')),
    latency: { device: 'tensorrt', threads: 1, sourceMs, variantMs: latencyMs, machine: gpu.name },
    at: new Date((options.now ?? Date.now)()).toISOString(),
  };
  if (!record.gate.passed) return { record, engine: null };
  return { record, engine: await storeEngine(options.cacheDir, record, join(work.work, PLAN)) };
}

/** What the model of the bundle says, on the CPU, to the pictures that the engine answered. */
async function compareWithBase(
  { options, bundle, views, work }: Work,
  base: BundleModel,
): Promise<{ pairs: { answered: Pair[]; unanswered: number }; sourceMs: number }> {
  const { output, positive, calibration } = bundle.manifest;
  const rule = { kind: output.kind, positiveIndex: positive.index, calibration };
  const values = z
    .array(z.number())
    .length(views.length * valuesPerImage(output.kind))
    .parse(JSON.parse(await readFile(join(work, ANSWERS), 'utf8')));
  const place = new Map(views.map(({ key }, index) => [key, index]));
  const answered: Pair[] = [];
  let unanswered = 0;
  let sourceMs = 1;
  const { signal, memory, onStage } = options;
  const answers = answersOf(bundle, views, {
    variant: base.name,
    device: 'cpu',
    ...(signal && { signal }),
    ...(memory !== undefined && { memory }),
    onReady: ([info]) => {
      sourceMs = Math.max(0.001, info?.inferMs ?? 1);
    },
  });
  for await (const { view, p, failed } of answers) {
    const second = probabilityAt(values, place.get(view.key) ?? -1, rule);
    if (failed !== null || Number.isNaN(second)) unanswered++;
    answered.push({
      label: view.label,
      cluster: view.picture.group,
      first: p,
      second: Number.isNaN(second) ? 0.5 : second,
    });
    onStage?.(`${answered.length} of ${views.length} augmented pictures`);
  }
  return { pairs: { answered, unanswered }, sourceMs };
}

const capabilityOf = ({ capability }: Gpu): string =>
  capability === null ? 'unknown' : capability.toFixed(1);

function mustHaveGpu(gpu: Gpu | undefined): Gpu {
  if (gpu) return gpu;
  throw new Sv72Error(
    'ERR_JOB_NO_GPU',
    'An engine is built on the GPU that serves it, and nvidia-smi shows none here.',
    { next: 'Run it on the machine that serves; --dry-run prints the exact commands.' },
  );
}
