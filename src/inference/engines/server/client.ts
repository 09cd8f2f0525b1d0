import { performance } from 'node:perf_hooks';
import { Breaker } from './breaker.ts';
import type { ServerHealth, Spending } from './health.ts';
import { askServer, ServerFailure } from './request.ts';

/** For questions about the server itself, ms. */
const QUESTION_MS = 5_000;
/** A server that nothing was heard of for so long is asked how it is, ms. */
const QUIET_MS = 15_000;
/** A question with less time than this, ms, says little of the server when its time runs out. */
const FAIR_MS = 1_000;

export interface ClientOptions {
  /** Base URL, without a slash at its end. */
  readonly base: string;
  readonly model: string;
  readonly token?: string | undefined;
  /** What is counted beside requests, where something is. */
  readonly tokens?: () => ServerHealth['tokens'];
  readonly spending?: () => Spending | null;
}

export interface Question {
  /** Behind the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | string;
  /** Milliseconds until nobody needs the answer any more. */
  readonly leftMs: number;
  readonly onRetry?: (failure: ServerFailure) => void;
}

/** One inference server as one process sees it: asks it, leaves it alone while it fails, and knows how it is. */
export class ServerClient {
  readonly base: string;
  readonly #options: ClientOptions;
  readonly #breaker = new Breaker(() => performance.now());
  #up = true;
  /** It was reached, and did not answer what it was asked: that it can be reached does not say that it is back. */
  #misbehaves = false;
  #heard = performance.now();
  #asked = 0;
  #failed = 0;
  #retried = 0;
  #answeredMs = 0;
  #lastMs = 0;
  #lastFailure: string | null = null;

  constructor(options: ClientOptions) {
    this.base = options.base;
    this.#options = options;
  }

  /** Something about the server itself. @throws ServerFailure */
  get(path: string, leftMs = QUESTION_MS): Promise<Buffer> {
    const { token } = this.#options;
    return askServer({ url: `${this.base}${path}`, method: 'GET', leftMs, token });
  }

  /**
   * Asks for an answer; one that cannot be read is a failure like any other.
   *
   * @throws Error with the server's address and what is wrong
   */
  async ask<T>({ path, onRetry, ...request }: Question, read: (body: Buffer) => T): Promise<T> {
    const closed = this.#breaker.refuse();
    if (closed !== undefined) throw new Error(`${this.base}: ${closed}`);
    this.#asked += 1;
    const started = performance.now();
    try {
      const body = await askServer({
        url: `${this.base}${path}`,
        token: this.#options.token,
        ...request,
        onRetry: (failure) => {
          this.#retried += 1;
          onRetry?.(failure);
        },
      });
      const answer = read(body);
      this.#breaker.succeeded();
      this.#up = true;
      this.#misbehaves = false;
      this.#lastMs = performance.now() - started;
      this.#answeredMs += this.#lastMs;
      return answer;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#failed += 1;
      if (isTurnedDown(error)) {
        this.#breaker.succeeded();
        this.#lastFailure = why;
      } else {
        this.#breaker.failed(why);
        this.#lastFailure = why;
        // One odd answer among good ones is no loss of the server.
        if (isLoss(error, request.leftMs) || this.#breaker.state !== 'closed') this.#fell(error);
      }
      throw new Error(`${this.base}: ${why}`, { cause: error });
    } finally {
      this.#heard = performance.now();
    }
  }

  health(): ServerHealth {
    const { model, tokens, spending } = this.#options;
    return {
      server: this.base,
      model,
      up: this.#up,
      breaker: this.#breaker.state,
      asked: this.#asked,
      failed: this.#failed,
      retried: this.#retried,
      answeredMs: this.#answeredMs,
      lastMs: this.#lastMs,
      lastFailure: this.#lastFailure,
      tokens: tokens?.() ?? null,
      spending: spending?.() ?? null,
    };
  }

  /**
   * Asks how the server is when nothing else is asked of it, so that its health is known before the next picture comes,
   * and a server that is back is used at once.
   */
  watch(path: string, tell: () => void, everyMs = QUIET_MS): void {
    setInterval(() => {
      if (performance.now() - this.#heard < everyMs) return;
      this.get(path, Math.min(QUESTION_MS, everyMs))
        .then(
          () => {
            if (!this.#misbehaves) this.#up = true;
            this.#breaker.reachable();
          },
          (error: unknown) => {
            this.#lastFailure = error instanceof Error ? error.message : String(error);
            this.#fell(error);
            this.#misbehaves = false;
          },
        )
        .finally(tell);
    }, everyMs).unref();
  }

  #fell(error: unknown): void {
    this.#up = false;
    this.#misbehaves = !isUnreachable(error);
  }
}

/** The server works, but not on such a request. */
function isTurnedDown(error: unknown): boolean {
  return error instanceof ServerFailure && [400, 413, 415, 422].includes(error.status ?? 0);
}

/** There was no connection, or it broke. */
function isUnreachable(error: unknown): boolean {
  return error instanceof ServerFailure && error.status === undefined && error.passing;
}

/** Whether one such failure is enough to say that the server does not answer. */
function isLoss(error: unknown, leftMs: number): boolean {
  if (!(error instanceof ServerFailure)) return false;
  return error.status !== undefined || error.passing || leftMs >= FAIR_MS;
}
