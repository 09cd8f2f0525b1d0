import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { Sv72Error } from '../../../errors/index.ts';
import { discard } from '../../discard.ts';
import { type TensorData, tensorWriter } from '../../preprocess/tensor.ts';
import { probabilityAt, valuesPerImage } from '../../probability.ts';
import type { Device } from '../../types.ts';
import { firstLine, firstThatWorks, nativeFolder, PROVIDERS } from './devices.ts';
import { type GraphValue, graphDifferences, inputShape } from './graph.ts';
import type { EngineSpec } from './messages.ts';
import type { EngineWork } from './work.ts';

/** One thread does for a model that needs less than this, ms: handing work to another costs more than it gains. */
const SMALL_MODEL_MS = 15;
/** More threads must gain this much to be worth the cores. */
const WORTHWHILE = 1.3;
const MOST_THREADS = 8;
/** A batch never takes longer than this if a smaller one would do, ms: others wait behind it. */
const BATCH_BUDGET_MS = 100;

/** Larger batches gain next to nothing on a CPU, and the memory they once needed is kept. */
const MOST_ON_CPU = 8;

type Runtime = typeof import('onnxruntime-node');

/** A loaded model, warmed up, that computes one batch at a time. */
export interface EngineSession extends Pick<EngineWork, 'report' | 'health' | 'watch'> {
  /**
   * RGB pixels of the model's input size → calibrated probabilities, NaN where the graph gave none.
   *
   * @param leftMs until nobody needs them any more
   */
  infer(images: readonly Uint8Array[], leftMs: number): Promise<number[]>;
}

/**
 * Loads a model on the first device that works, checks it against the manifest and measures it.
 *
 * @throws Sv72Error ERR_ENGINE_MISSING, ERR_DEVICE_UNAVAILABLE, ERR_ENGINE_START, ERR_GRAPH_MISMATCH
 */
export async function openSession(spec: EngineSpec): Promise<EngineSession> {
  const ort = await loadRuntime(spec.runtime);
  const backends = ort.listSupportedBackends().map((backend) => backend.name);
  const open = (device: Device, threads: number) =>
    ort.InferenceSession.create(spec.modelPaths[device], sessionOptions(device, threads));

  const firstThreads = spec.like?.threads ?? (spec.threads === 'auto' ? 1 : spec.threads);
  const { device, opened, attempts } = await firstThatWorks(
    likeDevice(spec) ?? spec.device,
    backends,
    nativeFolder(spec.runtime, import.meta.url),
    (candidate) => open(candidate, firstThreads),
  ).catch((error: unknown) => {
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error('ERR_ENGINE_START', `The model could not be loaded: ${firstLine(error)}.`);
  });
  checkGraph(opened, spec);

  const model = new Model(ort, opened, spec);
  let chosen = { model, threads: firstThreads, inferMs: spec.like?.inferMs ?? (await model.measure(1)) };
  if (!spec.like && spec.threads === 'auto' && device === 'cpu' && chosen.inferMs > SMALL_MODEL_MS) {
    const threads = Math.min(availableParallelism(), MOST_THREADS);
    if (threads > 1) {
      const wide = new Model(ort, await open(device, threads), spec);
      const inferMs = await wide.measure(1);
      const better = chosen.inferMs / inferMs >= WORTHWHILE;
      await (better ? chosen.model : wide).release();
      if (better) chosen = { model: wide, threads, inferMs };
    }
  }
  const batch = spec.like ?? (await largestBatch(chosen.model, spec, device, chosen.inferMs));
  // The first runs allocate; a request should not pay for that.
  await chosen.model.infer([]);
  return {
    report: {
      engine: `ONNX Runtime ${ort.env.versions.node ?? ort.env.versions.common}`,
      device,
      attempts: spec.like?.attempts ?? attempts,
      threads: chosen.threads,
      maxBatch: batch.maxBatch,
      inferMs: chosen.inferMs,
      batchMs: batch.batchMs,
    },
    infer: (images) => chosen.model.infer(images),
  };
}

function likeDevice({ like }: EngineSpec): Device | undefined {
  return like === undefined || like.device === 'server' ? undefined : like.device;
}

async function loadRuntime(name: string): Promise<Runtime> {
  try {
    const loaded: Runtime | { default: Runtime } = await import(name);
    return 'default' in loaded ? loaded.default : loaded;
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new Sv72Error(
      'ERR_ENGINE_MISSING',
      absent
        ? 'The package onnxruntime-node, which runs the models, is not installed.'
        : `The package onnxruntime-node cannot be loaded here: ${firstLine(error)}.`,
      absent
        ? {}
        : { next: 'It needs Linux with glibc 2.28 or newer, macOS on arm64, or Windows; check the message.' },
    );
  }
}

function sessionOptions(device: Device, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [...PROVIDERS[device]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Spinning threads take the cores from decoding and from the axon.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
}

function checkGraph(session: InferenceSession, spec: EngineSpec): void {
  const values = (list: readonly InferenceSession.ValueMetadata[]): GraphValue[] =>
    list.map((v) =>
      v.isTensor
        ? { name: v.name, type: v.type, shape: v.shape.map((d) => (d === '' ? '?' : d)) }
        : { name: v.name, type: 'no tensor', shape: [] },
    );
  const graph = { inputs: values(session.inputMetadata), outputs: values(session.outputMetadata) };
  const differences = graphDifferences(graph, spec.input, spec.output);
  if (differences.length > 0) {
    throw new Sv72Error(
      'ERR_GRAPH_MISMATCH',
      `The model is not what sv72.json says: ${differences.join('; ')}.`,
      {
        details: { differences },
      },
    );
  }
}

async function largestBatch(
  model: Model,
  spec: EngineSpec,
  device: Device,
  inferMs: number,
): Promise<{ maxBatch: number; batchMs: number }> {
  if (spec.input.batch.kind === 'fixed') return { maxBatch: spec.input.batch.size, batchMs: inferMs };
  const most = device === 'cpu' ? Math.min(spec.input.batch.max, MOST_ON_CPU) : spec.input.batch.max;
  const guess = Math.min(most, Math.max(1, Math.ceil((4 * BATCH_BUDGET_MS) / inferMs)));
  const guessMs = guess === 1 ? inferMs : await model.measure(guess);
  const maxBatch = Math.min(guess, Math.max(1, Math.floor((guess * BATCH_BUDGET_MS) / guessMs)));
  return { maxBatch, batchMs: (guessMs * maxBatch) / guess };
}

class Model {
  readonly #ort: Runtime;
  readonly #session: InferenceSession;
  readonly #spec: EngineSpec;
  readonly #writer: ReturnType<typeof tensorWriter>;

  constructor(ort: Runtime, session: InferenceSession, spec: EngineSpec) {
    this.#ort = ort;
    this.#session = session;
    this.#spec = spec;
    this.#writer = tensorWriter(spec.input);
  }

  async infer(images: readonly Uint8Array[]): Promise<number[]> {
    if (images.length === 0) return [];
    const { input, output } = this.#spec;
    const count = input.batch.kind === 'fixed' ? input.batch.size : images.length;
    const batch = this.#writer.allocate(count);
    images.forEach((pixels, index) => {
      this.#writer.write(batch, index, pixels);
    });
    const values = await this.#run(batch, count).finally(() => discard(batch));
    return images.map((_, index) => probabilityAt(values, index, output));
  }

  /** The shortest of a few runs on grey images, ms; checks on the way that the output is what the manifest says. */
  async measure(count: number): Promise<number> {
    const { input, output } = this.#spec;
    const size = input.batch.kind === 'fixed' ? input.batch.size : count;
    const grey = new Uint8Array(input.size[0] * input.size[1] * 3).fill(128);
    const batch = this.#writer.allocate(size);
    for (let index = 0; index < size; index++) this.#writer.write(batch, index, grey);
    let best = Number.POSITIVE_INFINITY;
    const stop = performance.now() + 1000;
    for (let round = 0; round < 5 && (round < 2 || performance.now() < stop); round++) {
      const from = performance.now();
      const values = await this.#run(batch, size);
      best = Math.min(best, performance.now() - from);
      if (round === 0 && Number.isNaN(probabilityAt(values, 0, output))) {
        throw new Sv72Error(
          'ERR_GRAPH_MISMATCH',
          `The model's output "${output.name}" is declared a ${output.kind}, but for a grey image it is ${values[0]}.`,
        );
      }
    }
    return best;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #run(batch: TensorData, count: number): Promise<Float32Array> {
    const { input, output } = this.#spec;
    const shape = inputShape(input, count);
    const tensor: Tensor =
      batch instanceof Uint8Array
        ? new this.#ort.Tensor('uint8', batch, shape)
        : new this.#ort.Tensor('float32', batch, shape);
    const results = await this.#session.run({ [input.name]: tensor });
    const data = results[output.name]?.data;
    if (!(data instanceof Float32Array) || data.length !== count * valuesPerImage(output.kind)) {
      throw new Sv72Error(
        'ERR_GRAPH_MISMATCH',
        `The model gave ${data?.length ?? 'no'} values in "${output.name}" for ${count} images of kind ${output.kind}.`,
      );
    }
    return data;
  }
}
