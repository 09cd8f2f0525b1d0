import type { BreakerState } from './health.ts';

/** After so many failures in a row a server is left alone for a while. */
const FAILURES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Keeps requests from a server that fails anyway, so that the answer can come from elsewhere at once. After a pause, one
 * request may try again; the pauses double while that fails.
 */
export class Breaker {
  #failures = 0;
  #pauses = 0;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #trying = false;
  #why = '';
  readonly #now: () => number;

  /** @param now monotonic, ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#failures < FAILURES) return 'closed';
    return this.#trying ? 'half-open' : 'open';
  }

  /** Why the server may not be asked now; undefined: it may, and what comes of it is to be told. */
  refuse(): string | undefined {
    if (this.#failures < FAILURES) return undefined;
    if (this.#trying || this.#now() < this.#closedUntil) return `not asked, it keeps failing (${this.#why})`;
    this.#trying = true;
    return undefined;
  }

  /** The server was heard of otherwise: the next request may try. */
  reachable(): void {
    this.#closedUntil = Number.NEGATIVE_INFINITY;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#trying = false;
  }

  failed(why: string): void {
    this.#failures += 1;
    this.#trying = false;
    this.#why = why;
    if (this.#failures < FAILURES) return;
    this.#closedUntil = this.#now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#pauses);
    this.#pauses = Math.min(this.#pauses + 1, 16);
  }
}
