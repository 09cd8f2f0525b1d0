import { Sv72Error } from '../errors/index.ts';
import { type HubToken, textOf } from '../hub-token/index.ts';
import { CountedBlob } from './counted-blob.ts';
import { changedFile, fromStorage, interrupted, noAnswer, refusal } from './refusal.ts';
import { askedWait, type Patience, pauseAfter, type Sleep, sleep, USUAL_PATIENCE } from './waits.ts';

/** Where models are published, unless the settings say otherwise. */
export const HUB_URL = 'https://huggingface.co';

export interface HubOptions {
  /** Base URL (default: the public Hub). */
  readonly url?: string | undefined;
  /** undefined: as anybody. */
  readonly token?: HubToken | undefined;
  readonly fetch?: typeof globalThis.fetch;
  readonly signal?: AbortSignal | undefined;
  /** Told in one sentence whenever something is waited for. */
  readonly onWait?: (sentence: string) => void;
  readonly patience?: Partial<Patience>;
  /** Longest wait for the beginning of an answer, or for a body to be taken further, milliseconds (default 60,000). */
  readonly timeoutMs?: number;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly sleep?: Sleep;
}

/** What storage answers to an address that has run out. */
export const RAN_OUT: readonly number[] = [400, 403, 404, 410];

interface HubRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  /** Statuses beside 2xx that are answers, not failures. */
  readonly accept?: readonly number[];
  /** Whether it may be sent again after a failure (default true). What asks to wait is always waited for. */
  readonly repeat?: boolean;
  /** A blob's bytes that were read for sending, from 0 again at each try. */
  readonly onSent?: (bytes: number) => void;
}

/** Requests to the Hub and its storage, each tried until it is answered, refused, or patience ends. */
export interface HubClient {
  readonly url: string;
  readonly signal: AbortSignal | undefined;
  readonly token: HubToken | undefined;
  /**
   * A route of the Hub itself; the token goes along.
   *
   * @param path begins with a slash
   * @throws Sv72Error ERR_HUB_* by status, ERR_HUB_UNREACHABLE, ERR_INTERRUPTED
   */
  request(path: string, request?: HubRequest): Promise<Response>;
  /** An address that the Hub gave out, for its storage: the token never goes there. @throws as `request` */
  storage(url: string, request: HubRequest): Promise<Response>;
  /** Waits, until the signal at the latest. @throws Sv72Error ERR_INTERRUPTED */
  pause(ms: number): Promise<void>;
  /** The same client, which no longer listens to the signal: for tidying up after an interruption. */
  withoutSignal(): HubClient;
  /** What functions of the Hub's own library take. */
  readonly library: {
    readonly hubUrl: string;
    readonly fetch: typeof globalThis.fetch;
    readonly accessToken?: string;
  };
}

/** @throws Sv72Error ERR_USAGE when the URL is none of http(s), or a token would go over the network in the open */
export function createHubClient(options: HubOptions = {}): HubClient {
  const url = baseUrl(options.url ?? HUB_URL);
  if (options.token !== undefined) requirePrivacy(url);
  const patience: Patience = { ...USUAL_PATIENCE, ...options.patience };
  const { signal, token, onWait = () => undefined, timeoutMs = 60_000 } = options;
  const { now = Date.now, random = Math.random } = options;
  const wait = options.sleep ?? sleep;
  const send = options.fetch ?? globalThis.fetch;

  async function pause(ms: number): Promise<void> {
    try {
      await wait(ms, signal);
    } catch (error) {
      throw signal?.aborted ? interrupted(error) : error;
    }
  }

  /** One try. A failure on the way is returned, since it may be tried again. */
  async function once(address: string, request: HubRequest): Promise<Response | Error> {
    const standstill = new AbortController();
    const timer = setTimeout(() => standstill.abort(new Error('no answer in time')), timeoutMs);
    const body =
      request.body instanceof Blob
        ? new CountedBlob(request.body, (bytes) => {
            timer.refresh();
            request.onSent?.(bytes);
          })
        : request.body;
    try {
      return await send(address, {
        method: request.method ?? 'GET',
        headers: { ...request.headers },
        ...(body !== undefined && { body }),
        // Otherwise Node's fetch keeps a copy of the whole body, in case it is redirected: gigabytes of memory.
        ...(body instanceof Blob && { redirect: 'error', window: null }),
        signal: AbortSignal.any([standstill.signal, ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      if (signal?.aborted) throw interrupted(error);
      const changed = changedFile(error);
      if (changed) throw changed;
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async function tryUntilAnswered(address: string, request: HubRequest): Promise<Response> {
    const what = { method: request.method ?? 'GET', address, url, token };
    let asked = 0;
    for (let failed = 0; ; ) {
      if (signal?.aborted) throw interrupted(signal.reason);
      const answer = await once(address, request);
      if (answer instanceof Response) {
        if (answer.ok || request.accept?.includes(answer.status)) return answer;
        const ms =
          answer.status === 429 || answer.status === 503 ? askedWait(answer.headers, now()) : undefined;
        if (ms !== undefined && asked + ms <= patience.askedMs) {
          await answer.body?.cancel();
          asked += Math.max(ms, 100);
          onWait(`The Hub asks to wait ${Math.ceil(ms / 1000)} s.`);
          await pause(ms);
          continue;
        }
        const busy = answer.status === 429 || answer.status === 503;
        // An address that the Hub led to and that ran out meanwhile: asked again, it leads to a new one.
        const ranOut = answer.redirected && fromStorage(answer, what) && RAN_OUT.includes(answer.status);
        const again =
          (busy && ms === undefined) ||
          ((ranOut || [500, 502, 504].includes(answer.status)) && request.repeat !== false);
        if (!again || ++failed >= patience.tries) throw await refusal(answer, what, ms);
        await answer.body?.cancel();
        onWait(`The Hub answered with status ${answer.status}; trying again.`);
      } else {
        if (request.repeat === false || ++failed >= patience.tries) throw noAnswer(answer, what);
        onWait('The Hub did not answer; trying again.');
      }
      await pause(pauseAfter(failed, patience, random()));
    }
  }

  const authorization = token && { Authorization: `Bearer ${textOf(token)}` };

  return {
    url,
    signal,
    token,
    pause,
    request: async (path, request = {}) =>
      await tryUntilAnswered(`${url}${path}`, {
        ...request,
        headers: { ...request.headers, ...authorization },
      }),
    storage: async (address, request) => await tryUntilAnswered(address, request),
    withoutSignal: () => createHubClient({ ...options, signal: undefined }),
    library: {
      hubUrl: url,
      ...(token && { accessToken: textOf(token) }),
      fetch: async (input, init) =>
        await tryUntilAnswered(String(input), {
          method: methodOf(init?.method),
          headers: Object.fromEntries(new Headers(init?.headers)),
          ...(typeof init?.body === 'string' && { body: init.body }),
        }),
    },
  };
}

function methodOf(text: string | undefined): NonNullable<HubRequest['method']> {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;
  return methods.find((method) => method === text) ?? 'GET';
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new Sv72Error('ERR_USAGE', 'The Hub is not given as an http(s) URL.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A token goes to another machine through TLS alone. */
function requirePrivacy(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new Sv72Error('ERR_USAGE', `A token is not sent to ${hostname} over plain http.`, {
    next: 'Give the Hub as an https URL, with --hub-url or HF_ENDPOINT.',
  });
}
