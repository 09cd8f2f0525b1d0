import { setTimeout as wait } from 'node:timers/promises';
import { Sv72Error } from '../../errors/index.ts';
import { type HubToken, textOf } from '../../hub-token/index.ts';
import { retryAfterMs } from '../../web/index.ts';
import { interrupted } from '../interrupted.ts';

const RETRIED = new Set([408, 429, 500, 502, 503, 504]);
const MOST_TRIES = 6;
const LONGEST_WAIT_MS = 5 * 60_000;
const REDIRECTS = 5;

/** The Hub as one run reaches it. */
export interface HubAccess {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Asked for only after the Hub refused a request without one. */
  readonly token: () => Promise<HubToken | undefined>;
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which a connection counts as dead. */
  readonly patienceMs?: number;
}

/** Requests to the Hub: retried, with the token only where it is needed and only to the Hub itself. */
export interface HubClient {
  readonly endpoint: string;
  /** Whether a token has been sent. */
  readonly known: () => boolean;
  readonly patienceMs: number;
  readonly pause: (attempt: number) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  /**
   * Follows redirects. Answers of 4xx come back for the caller to read; what can be tried again was.
   * @throws Sv72Error ERR_HUB_UNREACHABLE, ERR_INTERRUPTED
   */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export function hubClient(access: HubAccess): HubClient {
  const { endpoint, signal, patienceMs = 30_000 } = access;
  const send = access.fetch ?? fetch;
  const sleep = access.sleep ?? ((ms: number) => wait(ms, undefined, { signal }).catch(() => undefined));
  const now = access.now ?? Date.now;
  let token: HubToken | undefined;
  let asked = false;

  const pause = async (ms: number) => {
    await sleep(ms);
    requireGoing(signal);
  };

  /** One request with its redirects. Other hosts than the Hub's never see the token. */
  async function follow(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    let at = url;
    for (let step = 0; step <= REDIRECTS; step++) {
      const ours = new URL(at).origin === new URL(endpoint).origin;
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(new Error('it does not answer')), patienceMs);
      const response = await send(at, {
        redirect: 'manual',
        headers: { ...headers, ...(ours && token && { authorization: `Bearer ${textOf(token)}` }) },
        signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]),
      }).finally(() => clearTimeout(timer));
      const location = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
      await response.body?.cancel();
      at = new URL(location, at).href;
    }
    throw new Error('it redirects without end');
  }

  return {
    endpoint,
    patienceMs,
    signal,
    known: () => token !== undefined,
    pause: (attempt) => pause(backoff(attempt)),
    async get(url, headers = {}) {
      for (let attempt = 1; ; attempt++) {
        requireGoing(signal);
        const response = await follow(url, headers).catch((error: unknown) => {
          requireGoing(signal);
          if (attempt >= MOST_TRIES) throw unreachable(endpoint, error);
          return undefined;
        });
        if (response === undefined) {
          await pause(backoff(attempt));
          continue;
        }
        if (RETRIED.has(response.status) && attempt < MOST_TRIES) {
          await response.body?.cancel();
          await pause(askedPause(response, now()) ?? backoff(attempt));
          continue;
        }
        if (RETRIED.has(response.status)) {
          throw unreachable(endpoint, new Error(`it answers ${response.status}`));
        }
        if ([401, 403, 404].includes(response.status) && !asked) {
          asked = true;
          token = mayCarryToken(endpoint) ? await access.token() : undefined;
          if (token !== undefined) {
            await response.body?.cancel();
            continue;
          }
        }
        return response;
      }
    },
  };
}

/** A token goes over an encrypted connection, or stays on this machine. */
function mayCarryToken(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Milliseconds that the server asks for, within reason. */
function askedPause({ headers }: Response, now: number): number | undefined {
  const ms = retryAfterMs(headers.get('retry-after'), now);
  return ms === undefined ? undefined : Math.min(ms, LONGEST_WAIT_MS);
}

function backoff(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
}

export function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

export function unreachable(endpoint: string, error: unknown): Sv72Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Sv72Error('ERR_HUB_UNREACHABLE', `The Hub at ${endpoint} cannot be used: ${why}.`, {
    details: { endpoint },
    cause: error,
  });
}
