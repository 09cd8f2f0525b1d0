import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, EngineOutcome, EngineReport, Shown, StartEngine } from './engine.ts';
import { mergeHealth, type ServerHealth } from './engines/server/health.ts';
import type { EngineEvent } from './types.ts';

/** An image to compute. */
export interface Job extends Shown {
  /** The last moment that a result is of use to anybody, on the pool's clock, ms. */
  readonly deadline: number;
  /** Nobody waits for it any more. */
  readonly abandoned: boolean;
  finished(outcome: EngineOutcome, queueMs: number, inferMs: number): void;
  failed(reason: 'engine-failed' | 'deadline' | 'closed', detail: string): void;
}

export interface PoolOptions {
  /** None: the first is started when the server that it asks is there. */
  readonly engines: readonly Engine[];
  /** Address of the server that was not there yet when the first engine was to start. */
  readonly missing?: string | undefined;
  readonly start: StartEngine;
  readonly queue: number;
  readonly hangMs: number;
  readonly now: () => number;
  readonly onEvent: (event: EngineEvent) => void;
}

interface Held {
  readonly job: Job;
  readonly since: number;
  /** How often an engine was lost with it, and how often with nothing else. */
  lost: number;
  lostAlone: number;
}

interface Slot {
  engine: Engine | undefined;
  /** Batches under way. */
  busy: number;
  /** One of them was lost before: nothing else may be with it. */
  alone: boolean;
  /** Losses and failed starts since the last batch that went well. */
  failures: number;
}

/** Images that travel together are at most this large in all, so that small ones do not wait for large ones. */
const BATCH_BYTES = 2 << 20;
const FIRST_RETRY_MS = 100;
/** A process that talks to a server is hung when it says nothing this long after the deadline, ms. */
const SERVER_GRACE_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Gives waiting images to idle engines and keeps the engines alive. An idle engine gets an image at once; what comes in
 * while all are busy goes together with the next batch. An engine that is lost is replaced at once, then, if it goes on,
 * ever more slowly; what it held is computed again, one by one, since one of them may be what it died of.
 */
export class EnginePool {
  readonly batches: Record<number, number> = {};
  restarts = 0;
  hangs = 0;
  readonly #options: PoolOptions;
  readonly #slots: readonly Slot[];
  readonly #supervisors: readonly Promise<void>[];
  readonly #closing = new AbortController();
  /** Of the first engine that there was. */
  #like: EngineReport | undefined;
  /** Servers that did not answer when last heard of. */
  readonly #down = new Set<string>();
  #queue: Held[] = [];
  #inFlight = new Set<Held>();

  constructor(options: PoolOptions) {
    this.#options = options;
    const engines = options.engines.length > 0 ? options.engines : [undefined];
    this.#slots = engines.map((engine) => ({ engine, busy: 0, alone: false, failures: engine ? 0 : 1 }));
    this.#like = options.engines[0]?.report;
    if (options.missing !== undefined) this.#down.add(options.missing);
    for (const engine of options.engines) this.#listen(engine);
    this.#supervisors = this.#slots.map((slot) => this.#supervise(slot));
  }

  get queued(): number {
    return this.#queue.length;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Whether there was an engine at any time. */
  get begun(): boolean {
    return this.#like !== undefined;
  }

  get ready(): number {
    return this.#slots.filter((slot) => slot.engine).length;
  }

  get pids(): number[] {
    return this.#slots.flatMap((slot) => (slot.engine ? [slot.engine.pid] : []));
  }

  /** The servers that the engines ask, each once. */
  get servers(): ServerHealth[] {
    const found = new Map<string, ServerHealth>();
    for (const { engine } of this.#slots) {
      const health = engine?.health();
      if (health === undefined) continue;
      const key = `${health.server} ${health.model}`;
      const known = found.get(key);
      found.set(key, known === undefined ? health : mergeHealth(known, health));
    }
    return [...found.values()];
  }

  /** False when the queue is full; the job is then not touched. */
  submit(job: Job): boolean {
    if (this.#queue.length >= this.#options.queue) {
      this.#dropAbandoned();
      if (this.#queue.length >= this.#options.queue) return false;
    }
    this.#queue.push({ job, since: this.#options.now(), lost: 0, lostAlone: 0 });
    this.#dispatch();
    return true;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const held = [...this.#queue, ...this.#inFlight];
    this.#queue = [];
    for (const { job } of held) job.failed('closed', 'the classifier was closed');
    await Promise.all(this.#slots.map((slot) => slot.engine?.close()));
    await Promise.all(this.#supervisors);
  }

  #dispatch(): void {
    if (this.#closing.signal.aborted) return;
    const idle = this.#slots.flatMap((slot) => Array.from({ length: this.#room(slot) }, () => slot));
    idle.forEach((slot, index) => {
      if (!slot.engine) return;
      const share = Math.ceil(this.#queue.length / (idle.length - index));
      const batch = this.#take(Math.min(share, slot.engine.report.maxBatch));
      if (batch.length > 0) void this.#compute(slot, slot.engine, batch);
    });
  }

  /** How many more batches an engine may have. */
  #room({ engine, busy, alone }: Slot): number {
    if (engine === undefined || alone) return 0;
    if ((this.#queue[0]?.lost ?? 0) > 0) return busy === 0 ? 1 : 0;
    return (engine.report.lanes ?? 1) - busy;
  }

  #take(most: number): Held[] {
    this.#dropAbandoned();
    const batch: Held[] = [];
    let bytes = 0;
    while (batch.length < most) {
      const next = this.#queue[0];
      if (!next) break;
      bytes += next.job.bytes.length;
      if (batch.length > 0 && (next.lost > 0 || bytes > BATCH_BYTES)) break;
      this.#queue.shift();
      batch.push(next);
      if (next.lost > 0) break;
    }
    return batch;
  }

  #dropAbandoned(): void {
    if (!this.#queue.some((held) => held.job.abandoned)) return;
    const dropped = this.#queue.filter((held) => held.job.abandoned);
    this.#queue = this.#queue.filter((held) => !held.job.abandoned);
    for (const { job } of dropped) job.failed('deadline', 'nobody waits for it any more');
  }

  async #compute(slot: Slot, engine: Engine, batch: readonly Held[]): Promise<void> {
    const from = this.#options.now();
    slot.busy += 1;
    slot.alone = batch.some((held) => held.lost > 0);
    const alone = slot.alone || (engine.report.lanes ?? 1) === 1;
    for (const held of batch) this.#inFlight.add(held);
    try {
      const left = Math.min(...batch.map((held) => held.job.deadline)) - from;
      const { outcomes, inferMs } = await engine.run(
        batch.map((held) => held.job),
        this.#patience(engine, batch, left),
        left,
      );
      slot.failures = 0;
      this.batches[batch.length] = (this.batches[batch.length] ?? 0) + 1;
      batch.forEach((held, index) => {
        const outcome = outcomes[index];
        if (outcome) held.job.finished(outcome, from - held.since, inferMs);
        else held.job.failed('engine-failed', 'the engine left it out');
      });
    } catch (error) {
      if (slot.engine === engine) slot.engine = undefined;
      this.#giveBack(batch, alone, error instanceof Error ? error.message : String(error));
    } finally {
      for (const held of batch) this.#inFlight.delete(held);
      slot.busy -= 1;
      slot.alone = false;
      this.#dispatch();
    }
  }

  /**
   * How long a batch may take before its engine counts as hung, ms: ten times what it should take, a second for a
   * busy machine, but no more than half of what is left, so that a replacement can still answer.
   */
  #patience(engine: Engine, batch: readonly Held[], left: number): number {
    const { inferMs, batchMs, maxBatch, device } = engine.report;
    // Its process keeps to the deadline itself, and a new process would ask the same slow server.
    if (device === 'server') return Math.max(0, left) + SERVER_GRACE_MS;
    const bytes = batch.reduce((sum, held) => sum + held.job.bytes.length, 0);
    const share = maxBatch > 1 ? (batch.length - 1) / (maxBatch - 1) : 0;
    const infer = inferMs + Math.max(0, batchMs - inferMs) * share;
    const expected = infer + batch.length * 20 + bytes / 5000;
    const wanted = Math.min(1000 + 10 * expected, Math.max(this.#options.hangMs, 2 * expected));
    return Math.max(Math.min(wanted, left / 2), 200 + 3 * expected);
  }

  #giveBack(batch: readonly Held[], alone: boolean, detail: string): void {
    const again: Held[] = [];
    for (const held of batch) {
      held.lost += 1;
      if (alone && batch.length === 1) held.lostAlone += 1;
      if (this.#closing.signal.aborted) held.job.failed('closed', detail);
      else if (held.lostAlone >= 2)
        held.job.failed('engine-failed', `the engine was lost twice on it: ${detail}`);
      else again.push(held);
    }
    this.#queue.unshift(...again);
  }

  /** Tells when a server is lost, and when it is back: once, however many processes ask it. */
  #listen(engine: Engine): void {
    engine.onHealth = ({ server, up, lastFailure }) => {
      if (up && this.#down.delete(server)) this.#options.onEvent({ kind: 'server-up', server });
      if (up || this.#down.has(server)) return;
      this.#down.add(server);
      this.#options.onEvent({ kind: 'server-down', server, reason: lastFailure ?? 'it does not answer' });
    };
  }

  async #supervise(slot: Slot): Promise<void> {
    const { onEvent, start } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      const { engine } = slot;
      if (engine !== undefined) {
        const loss = await engine.gone;
        slot.engine = undefined;
        if (signal.aborted) return;
        slot.failures += 1;
        if (loss.hung) this.hangs += 1;
        onEvent({ kind: 'lost', pid: engine.pid, ...loss });
      }
      while (!slot.engine) {
        try {
          const retryMs = retryAfter(slot.failures);
          if (retryMs > 0) await delay(retryMs, undefined, { signal });
          const like = this.#like;
          const started = await start({ signal, ...(like && { like }) });
          if (like === undefined) this.#like = started.report;
          else this.restarts += 1;
          slot.engine = started;
          this.#listen(started);
          onEvent({ kind: 'started', pid: started.pid, startMs: started.report.startMs });
          if (signal.aborted) await started.close();
        } catch (error) {
          if (signal.aborted) return;
          slot.failures += 1;
          const reason = error instanceof Error ? error.message : String(error);
          onEvent({ kind: 'start-failed', reason, retryMs: retryAfter(slot.failures) });
        }
      }
      this.#dispatch();
    }
  }
}

/** At once after the first failure, then doubling. */
function retryAfter(failures: number): number {
  return failures <= 1 ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 2, 20));
}
