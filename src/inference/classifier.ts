import { chooseModel, type ModelChoice, type VerifiedBundle } from '../bundle/index.ts';
import type { Engine, EngineReport, StartEngine } from './engine.ts';
import { EngineClassifier } from './engine-classifier.ts';
import { onnxEngine } from './engines/onnx/host.ts';
import { serverBase } from './engines/server/address.ts';
import { LATE } from './late.ts';
import type { Classifier, ClassifierInfo, ClassifierOptions, Device } from './types.ts';

/**
 * Starts the engine processes for a bundle and waits until they are warm.
 *
 * @throws Sv72Error ERR_BUNDLE_VARIANT, ERR_VARIANT_STALE, ERR_BUNDLE_DAMAGED, ERR_ENGINE_MISSING, ERR_ENGINE_START, ERR_GRAPH_MISMATCH,
 *   ERR_DEVICE_UNAVAILABLE
 */
export async function createClassifier(options: ClassifierOptions): Promise<Classifier> {
  const { bundle, limits = {} } = options;
  const { manifest } = bundle;
  const device = options.device ?? 'auto';
  const choices = choicesFor(options);
  const start = onnxEngine({
    spec: {
      modelPaths: {
        cpu: bundle.pathOf(choices.cpu.model.file),
        cuda: bundle.pathOf(choices.cuda.model.file),
        tensorrt: bundle.pathOf(choices.tensorrt.model.file),
      },
      input: manifest.input,
      output: {
        ...manifest.output,
        positiveIndex: manifest.positive.index,
        calibration: manifest.calibration,
      },
      device,
      threads: options.threads ?? 'auto',
      pixels: limits.pixels ?? 50_000_000,
      ...(options.server && { server: options.server }),
    },
    startMs: limits.startMs ?? 120_000,
    check: () =>
      options.server !== undefined
        ? Promise.resolve()
        : checkAll(bundle, device === 'auto' ? Object.values(choices) : [choices[device]]),
    ...(options.runtime !== undefined && { runtime: options.runtime }),
  });
  if (options.late === true && options.server !== undefined) {
    const { server } = options;
    const info = infoOf(manifest, choices, { ...LATE, engine: `server at ${server.url}` }, 1);
    return new EngineClassifier(info, [], start, { ...options, missing: serverBase(server) });
  }
  const engines = await startAll(start, options.processes ?? 1);
  const info = infoOf(manifest, choices, engines[0].report, engines.length);
  return new EngineClassifier(info, engines, start, options);
}

function infoOf(
  manifest: VerifiedBundle['manifest'],
  choices: Record<Device, ModelChoice>,
  report: EngineReport,
  processes: number,
): ClassifierInfo {
  const { model, why } =
    report.device === 'server'
      ? { ...choices.cpu, why: 'what the server has under that name' }
      : choices[report.device];
  return {
    bundle: {
      name: manifest.name,
      version: manifest.version,
      demo: manifest.demo,
      sha256: model.file.sha256,
    },
    engine: report.engine,
    device: report.device,
    deviceAttempts: report.attempts,
    precision: model.file.precision,
    variant: { name: model.name, why },
    processes,
    threads: report.threads,
    maxBatch: report.maxBatch,
    inferMs: report.inferMs,
  };
}

/** Which device it will be is only known once one of them worked. */
function choicesFor({ bundle, variant, precision }: ClassifierOptions): Record<Device, ModelChoice> {
  const wish = { variant, precision };
  const { manifest } = bundle;
  return {
    cpu: chooseModel(manifest, 'cpu', wish),
    cuda: chooseModel(manifest, 'cuda', wish),
    tensorrt: chooseModel(manifest, 'tensorrt', wish),
  };
}

async function checkAll(bundle: VerifiedBundle, choices: readonly ModelChoice[]): Promise<void> {
  const files = new Map(choices.map(({ model }) => [model.file.path, model.file]));
  for (const file of files.values()) await bundle.check(file);
}

/** The first alone, since it measures what suits the machine; the others are made like it. */
async function startAll(start: StartEngine, count: number): Promise<[Engine, ...Engine[]]> {
  const first = await start({});
  const others = await Promise.allSettled(
    Array.from({ length: count - 1 }, () => start({ like: first.report })),
  );
  const started = others.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = others.find((result) => result.status === 'rejected');
  if (!failed) return [first, ...started];
  await Promise.all([first, ...started].map((engine) => engine.close()));
  throw failed.reason;
}
