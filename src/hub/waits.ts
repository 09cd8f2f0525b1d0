import { setTimeout as delay } from 'node:timers/promises';
import { retryAfterMs } from '../web/index.ts';

/** How patient a client is. */
export interface Patience {
  /** Tries of one request that fails for no reason given. */
  readonly tries: number;
  /** First pause between tries, milliseconds; each further one is twice as long. */
  readonly pauseMs: number;
  /** Longest pause between tries, milliseconds. */
  readonly longestPauseMs: number;
  /** Most time that one request spends on pauses the server asked for, milliseconds. */
  readonly askedMs: number;
}

export const USUAL_PATIENCE: Patience = {
  tries: 6,
  pauseMs: 500,
  longestPauseMs: 20_000,
  askedMs: 15 * 60_000,
};

/**
 * How long a server asks to wait, milliseconds: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or the
 * `t` of a `RateLimit` field whose `r` is 0, as the Hub sends it.
 *
 * @param now Unix milliseconds
 * @returns undefined when it does not ask
 */
export function askedWait(headers: Headers, now: number): number | undefined {
  const after = retryAfterMs(headers.get('retry-after'), now);
  if (after !== undefined) return after;
  const limit = headers.get('ratelimit') ?? '';
  const remaining = /;\s*r=(\d+)/.exec(limit)?.[1];
  const reset = /;\s*t=(\d{1,7})/.exec(limit)?.[1];
  return remaining === '0' && reset !== undefined ? Number(reset) * 1000 : undefined;
}

/**
 * The pause before try `failed + 1`: doubling, with half of it drawn so that many clients do not come back at once.
 *
 * @param failed tries that failed so far, from 1
 * @param random in [0, 1)
 */
export function pauseAfter(failed: number, { pauseMs, longestPauseMs }: Patience, random: number): number {
  const full = Math.min(longestPauseMs, pauseMs * 2 ** Math.min(failed - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  await delay(ms, undefined, signal ? { signal } : {});
};
