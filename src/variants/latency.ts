import { cpus } from 'node:os';
import type { BundleModel, Latency, VerifiedBundle } from '../bundle/index.ts';
import { type Classifier, createClassifier, type Device } from '../inference/index.ts';

export interface LatencyOptions {
  readonly source: VerifiedBundle;
  readonly base: BundleModel;
  readonly candidate: VerifiedBundle;
  readonly device: Device;
  /** Different ones, so that nothing is remembered. */
  readonly jpegs: readonly Uint8Array[];
  /** Name of the GPU, where it runs on one. */
  readonly gpu?: string | undefined;
}

const ROUNDS = 25;
/** A large model is measured fewer times, ms. */
const BUDGET_MS = 15_000;

/**
 * One picture through each model, in turn, so that what else the machine does falls on both; with as many threads as
 * the engine takes for the model that the variant was made from.
 */
export async function measureLatency(options: LatencyOptions): Promise<Latency> {
  const { source, base, candidate, device, jpegs, gpu } = options;
  const cache = { entries: 0 };
  const first = await createClassifier({ bundle: source, variant: base.name, device, cache });
  try {
    const { threads } = first.info;
    const second = await createClassifier({ bundle: candidate, device, threads, cache });
    try {
      const times = { first: [] as number[], second: [] as number[] };
      const stop = performance.now() + BUDGET_MS;
      for (let round = 0; round < ROUNDS && (round < 3 || performance.now() < stop); round++) {
        const jpeg = jpegs[round % jpegs.length];
        if (jpeg === undefined) break;
        times.first.push(await inferMs(first, jpeg));
        times.second.push(await inferMs(second, jpeg));
      }
      return {
        device,
        threads,
        sourceMs: rounded(median(times.first)),
        variantMs: rounded(median(times.second)),
        machine: device === 'cpu' ? (cpus()[0]?.model.trim() ?? 'unknown') : (gpu ?? 'unknown GPU'),
      };
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

async function inferMs(classifier: Classifier, jpeg: Uint8Array): Promise<number> {
  const { timings } = await classifier.predict(jpeg, { deadline: performance.now() + 600_000 });
  return timings.inferMs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** Three digits tell all there is; never zero, which would divide. */
const rounded = (ms: number): number => Math.max(0.001, Number(ms.toPrecision(3)));
