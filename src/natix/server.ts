import { Sv72Error } from '../errors/index.ts';
import type { RegistrationPayload } from './registration.ts';
import { type NatixStatus, parseStatus } from './status.ts';

/** Base URL of NATIX's own server. */
export const NATIX_URL = 'https://hydra.natix.network';

const MOST_BYTES = 64 * 1024;
const MOST_SHOWN = 300;

/** The application server that NATIX runs beside the subnet. */
export interface NatixServer {
  readonly url: string;
  /** @returns what the server says to it. @throws ERR_NATIX_REFUSED, ERR_NATIX_UNREACHABLE */
  register(payload: RegistrationPayload): Promise<string | null>;
  /** @returns undefined when the server knows nothing of this UID. @throws ERR_NATIX_REFUSED, ERR_NATIX_UNREACHABLE */
  status(uid: number): Promise<NatixStatus | undefined>;
}

/**
 * @param options.timeoutMs longest wait for one answer (default 15,000)
 * @throws ERR_USAGE when the URL is none of http(s)
 */
export function natixServer(
  options: {
    readonly url?: string | undefined;
    readonly timeoutMs?: number;
    readonly fetch?: typeof globalThis.fetch;
    readonly signal?: AbortSignal | undefined;
  } = {},
): NatixServer {
  const base = baseUrl(options.url ?? NATIX_URL);
  const get = options.fetch ?? globalThis.fetch;

  async function ask(
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 15_000);
    try {
      const response = await get(`${base}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
      return { status: response.status, text: await limitedText(response) };
    } catch (error) {
      if (error instanceof Sv72Error) throw error;
      if (options.signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted.', { cause: error });
      const why = timeout.aborted ? 'did not answer in time' : `cannot be reached (${reason(error)})`;
      throw unreachable(`${base} ${why}.`, error);
    }
  }

  /** The JSON of an answer. 4xx is the server's no; anything else unexpected is a server that does not work. */
  function understood({ status, text }: { readonly status: number; readonly text: string }): object {
    const json = parseObject(text);
    const detail = detailOf(json) ?? '';
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      throw new Sv72Error(
        'ERR_NATIX_REFUSED',
        `The NATIX server refused (${status})${detail === '' ? '.' : `: ${detail}`}`,
        {
          details: { status, detail },
        },
      );
    }
    if (status < 200 || status > 299 || json === undefined) {
      throw unreachable(`${base} answered with status ${status}${json === undefined ? ' and no JSON' : ''}.`);
    }
    return json;
  }

  return {
    url: base,
    async register(payload) {
      return detailOf(understood(await ask('/participants/register', payload))) ?? null;
    },
    async status(uid) {
      const answer = await ask(`/participants/registration-status/${uid}`);
      return answer.status === 404 ? undefined : parseStatus(understood(answer));
    },
  };
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new Sv72Error('ERR_USAGE', 'The NATIX server is not given as an http(s) URL.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The body, up to a size that no honest answer has. */
async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw unreachable('The NATIX server’s answer is too long to be one.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `detail` is a text, or a list of what is wrong with the fields. */
function detailOf(json: object | undefined): string | undefined {
  if (json === undefined || !('detail' in json)) return undefined;
  return shownText(typeof json.detail === 'string' ? json.detail : JSON.stringify(json.detail));
}

/** Text of a stranger, fit for one line of a terminal. */
function shownText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_SHOWN);
}

function unreachable(message: string, cause?: unknown): Sv72Error {
  return new Sv72Error('ERR_NATIX_UNREACHABLE', message, { cause });
}

/** Fetch hides what happened one level down. */
function reason(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof Error) return 'code' in inner ? String(inner.code) : shownText(inner.message);
  return 'unknown reason';
}
