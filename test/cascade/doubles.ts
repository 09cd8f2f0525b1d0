import { hash } from 'node:crypto';
import type {
  Classifier,
  ClassifierInfo,
  Prediction,
  PredictOptions,
  PriorReason,
} from '../../src/inference/index.ts';

/** What a stage does with a picture. */
export type Behaviour =
  | { readonly kind: 'answers'; readonly p: number }
  | { readonly kind: 'refuses'; readonly reason: PriorReason }
  | { readonly kind: 'rejects' }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'babbles' };

export interface Double extends Classifier {
  /** How often it was asked, and with which deadlines. */
  readonly deadlines: number[];
  /** And of what. */
  readonly views: PredictOptions['view'][];
  behaviour: (image: Uint8Array) => Behaviour;
  takesMs: number;
  closed: number;
}

/** A stage of fixed latency that may break every promise of a classifier. Says that it takes `usualMs`. */
export function double(
  behaviour: Behaviour | ((image: Uint8Array) => Behaviour),
  takesMs = 10,
  usualMs = takesMs,
): Double {
  return {
    info: infoOf(usualMs),
    deadlines: [],
    views: [],
    behaviour: typeof behaviour === 'function' ? behaviour : () => behaviour,
    takesMs,
    closed: 0,
    async predict(image: Uint8Array, { deadline = Number.POSITIVE_INFINITY, view }: PredictOptions = {}) {
      this.deadlines.push(deadline);
      this.views.push(view);
      const does = this.behaviour(image);
      if (does.kind === 'hangs') return await new Promise<never>(() => {});
      await new Promise((resolve) => setTimeout(resolve, this.takesMs));
      if (does.kind === 'rejects') throw new Error('broken');
      if (does.kind === 'refuses') return prediction(image, 0.5, does.reason);
      return prediction(image, does.kind === 'babbles' ? Number.NaN : does.p);
    },
    stats: () => ({
      queued: 0,
      inFlight: 0,
      computed: 1,
      cache: { hits: 0, misses: 1, entries: 0 },
      shared: 0,
      priors: {
        undecodable: 0,
        deadline: 0,
        overloaded: 0,
        'engine-failed': 7,
        'engine-unavailable': 0,
        'over-budget': 0,
        closed: 0,
      },
      restarts: 0,
      hangs: 0,
      ready: 1,
      pids: [],
      batches: { 1: 1 },
      imageSizes: { upTo224: 1, upTo1MP: 0, upTo4MP: 0, upTo16MP: 0, larger: 0 },
    }),
    async close() {
      this.closed += 1;
    },
  };
}

function prediction(image: Uint8Array, probability: number, reason?: PriorReason): Prediction {
  return {
    probability,
    source: reason === undefined ? 'model' : 'prior',
    ...(reason !== undefined && { reason }),
    sha256: hash('sha256', image),
    width: 224,
    height: 224,
    format: 'jpeg',
    timings: { queueMs: 1, decodeMs: 2, inferMs: 3 },
  };
}

function infoOf(inferMs: number): ClassifierInfo {
  return {
    bundle: { name: 'double', version: '1', demo: true, sha256: 'f'.repeat(64) },
    engine: 'double',
    device: 'cpu',
    deviceAttempts: [],
    precision: 'fp32',
    variant: { name: 'fp32', why: 'the only one' },
    processes: 1,
    threads: 1,
    maxBatch: 1,
    inferMs,
  };
}
