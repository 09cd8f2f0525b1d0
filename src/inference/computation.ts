import type { EngineOutcome, Shown } from './engine.ts';
import type { Job } from './pool.ts';
import type { PriorReason, Timings } from './types.ts';
import type { OtherView } from './views.ts';

/** What the model said about an image. */
export interface Computed {
  readonly probability: number;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly timings: Timings;
}

export type Settled =
  | { readonly ok: true; readonly computed: Computed }
  | { readonly ok: false; readonly reason: PriorReason; readonly detail: string };

interface Waiter {
  readonly deadline: number;
  readonly settle: (result: Settled) => void;
}

/** One image on its way through the engine, and everybody who waits for it, each with a deadline of their own. */
export class Computation implements Job {
  readonly bytes: Uint8Array;
  readonly view: OtherView | undefined;
  readonly #waiters = new Set<Waiter>();
  readonly #onEnd: (result: Settled) => void;
  #ended = false;

  constructor({ bytes, view }: Shown, onEnd: (result: Settled) => void) {
    this.bytes = bytes;
    this.view = view;
    this.#onEnd = onEnd;
  }

  get abandoned(): boolean {
    return this.#waiters.size === 0;
  }

  get deadline(): number {
    return Math.max(0, ...[...this.#waiters].map((waiter) => waiter.deadline));
  }

  /** Resolves with the result, or with what `late` says once the deadline (in `ms` from now) has passed. */
  wait(deadline: number, ms: number, late: () => Settled): Promise<Settled> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        deadline,
        settle: (result) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(result);
        },
      };
      const timer = setTimeout(() => waiter.settle(late()), ms);
      this.#waiters.add(waiter);
    });
  }

  finished(outcome: EngineOutcome, queueMs: number, inferMs: number): void {
    if (!outcome.ok) {
      this.#end({ ok: false, reason: outcome.reason, detail: outcome.detail });
      return;
    }
    const { probability, width, height, format, decodeMs } = outcome;
    const timings = { queueMs, decodeMs, inferMs };
    this.#end({ ok: true, computed: { probability, width, height, format, timings } });
  }

  failed(reason: PriorReason, detail: string): void {
    this.#end({ ok: false, reason, detail });
  }

  #end(result: Settled): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(result);
    for (const waiter of [...this.#waiters]) waiter.settle(result);
  }
}
