import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { ExpiringCache } from './cache.ts';
import { Computation, type Computed, type Settled } from './computation.ts';
import { Counters, sizeClass } from './counters.ts';
import type { Engine, Shown, StartEngine } from './engine.ts';
import { EnginePool } from './pool.ts';
import type {
  AnswerOptions,
  Classifier,
  ClassifierInfo,
  ClassifierStats,
  Prediction,
  PredictionSource,
  PredictOptions,
  PriorReason,
} from './types.ts';

/** Answers are ready this long before the caller's deadline, ms: they still have to be sent. */
const MARGIN_MS = 20;
const NO_TIME = { queueMs: 0, decodeMs: 0, inferMs: 0 };

/** Answers with what the engines compute, what is remembered, and the prior where neither is there in time. */
export class EngineClassifier implements Classifier {
  readonly info: ClassifierInfo;
  readonly #pool: EnginePool;
  readonly #cache: ExpiringCache<Computed>;
  readonly #counters = new Counters();
  readonly #computations = new Map<string, Computation>();
  readonly #now: () => number;
  readonly #prior: number;
  readonly #timeoutMs: number;
  readonly #mostBytes: number;
  #bytes = 0;
  #closed = false;

  /** @param engines none: the first is started when its server is there */
  constructor(
    info: ClassifierInfo,
    engines: readonly Engine[],
    start: StartEngine,
    options: AnswerOptions & { readonly missing?: string },
  ) {
    const { cache = {}, limits = {}, now = () => performance.now() } = options;
    this.info = info;
    this.#now = now;
    this.#prior = options.prior ?? 0.5;
    this.#timeoutMs = options.defaultTimeoutMs ?? 9000;
    this.#mostBytes = limits.queueBytes ?? 256 << 20;
    this.#cache = new ExpiringCache(cache.entries ?? 4096, cache.ttlMs ?? 15 * 60_000, now);
    this.#pool = new EnginePool({
      engines,
      start,
      missing: options.missing,
      queue: limits.queue ?? 256,
      hangMs: limits.hangMs ?? 4000,
      now,
      onEvent: options.onEvent ?? (() => {}),
    });
  }

  async predict(image: Uint8Array, options: PredictOptions = {}): Promise<Prediction> {
    const sha256 = hash('sha256', image);
    const { view } = options;
    const key = view === undefined ? sha256 : `${sha256} ${view}`;
    const remembered = this.#cache.get(key);
    if (remembered) {
      this.#counters.hits += 1;
      return this.#answer(sha256, { ok: true, computed: remembered }, 'cache');
    }
    const deadline = (options.deadline ?? this.#now() + this.#timeoutMs) - MARGIN_MS;
    const left = deadline - this.#now();
    if (this.#closed) return this.#answer(sha256, refusal('closed', 'the classifier is closed'));
    if (left <= 0) return this.#answer(sha256, refusal('deadline', 'there was no time left on arrival'));
    if (!this.#pool.begun)
      return this.#answer(sha256, refusal('engine-unavailable', 'the server was not there since the start'));

    const running = this.#computations.get(key);
    const computation = running ?? this.#begin(key, { bytes: image, view });
    const result = computation.wait(deadline, left, () => this.#late());
    if (running) this.#counters.shared += 1;
    else this.#submit(computation);
    return this.#answer(sha256, await result, running ? 'shared' : 'model');
  }

  stats(): ClassifierStats {
    const pool = this.#pool;
    const { computed, hits, misses, shared, priors, imageSizes } = this.#counters;
    return {
      queued: pool.queued,
      inFlight: pool.inFlight,
      computed,
      cache: { hits, misses, entries: this.#cache.size },
      shared,
      priors: { ...priors },
      restarts: pool.restarts,
      hangs: pool.hangs,
      ready: pool.ready,
      pids: pool.pids,
      batches: { ...pool.batches },
      imageSizes: { ...imageSizes },
      servers: pool.servers,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  #begin(key: string, shown: Shown): Computation {
    const { length } = shown.bytes;
    this.#counters.misses += 1;
    this.#bytes += length;
    const computation = new Computation(shown, (result) => {
      if (this.#computations.get(key) === computation) this.#computations.delete(key);
      this.#bytes -= length;
      if (!result.ok) return;
      const { width, height } = result.computed;
      this.#counters.computed += 1;
      this.#counters.imageSizes[sizeClass(width, height)] += 1;
      this.#cache.set(key, result.computed);
    });
    this.#computations.set(key, computation);
    return computation;
  }

  #submit(computation: Computation): void {
    const fits = this.#bytes <= this.#mostBytes;
    if (!fits || !this.#pool.submit(computation))
      computation.failed('overloaded', 'too many images are waiting');
  }

  #late(): Settled {
    return this.#pool.ready > 0
      ? refusal('deadline', 'the time was up before the model answered')
      : refusal('engine-unavailable', 'no engine process was ready in time');
  }

  #answer(sha256: string, result: Settled, source: PredictionSource = 'prior'): Prediction {
    if (result.ok) return { ...result.computed, source, sha256 };
    const { reason, detail } = result;
    this.#counters.priors[reason] += 1;
    return {
      probability: this.#prior,
      source: 'prior',
      reason,
      detail,
      sha256,
      width: null,
      height: null,
      format: null,
      timings: NO_TIME,
    };
  }
}

function refusal(reason: PriorReason, detail: string): Settled {
  return { ok: false, reason, detail };
}
