import { performance } from 'node:perf_hooks';
import { retryAfterMs } from '../../../web/index.ts';

/** A request that came to nothing. */
export class ServerFailure extends Error {
  /** Whether the same again might do better. */
  readonly passing: boolean;
  /** Milliseconds that the server asks to be left alone; undefined: it said nothing. */
  readonly retryAfterMs: number | undefined;
  /** HTTP status; undefined: there was no whole answer. */
  readonly status: number | undefined;
  /** Whether the server may have done the work all the same, and want to be paid for it. */
  readonly mayHaveWorked: boolean;

  constructor(
    message: string,
    options: {
      passing: boolean;
      retryAfterMs?: number | undefined;
      status?: number;
      mayHaveWorked?: boolean;
    },
  ) {
    super(message);
    this.passing = options.passing;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.mayHaveWorked = options.mayHaveWorked ?? false;
  }
}

export interface ServerRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly token?: string | undefined;
  /** Milliseconds until nobody needs the answer any more. */
  readonly leftMs: number;
  /** Told before a request is sent again, with what became of the last try. */
  readonly onRetry?: (failure: ServerFailure) => void;
}

const ANSWER_LIMIT = 16 * 1024 * 1024;
const FIRST_WAIT_MS = 25;
/** Failures before anything was sent. */
const NOT_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/**
 * Asks a server and gives back the body of its answer. A connection that breaks, 429, 502, 503 and 504 are tried again
 * while there is time for another try as long as the last one took.
 *
 * @throws ServerFailure
 */
export async function askServer(request: ServerRequest): Promise<Buffer> {
  const end = performance.now() + request.leftMs;
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    const started = performance.now();
    try {
      return await askOnce(request, end - started);
    } catch (error) {
      if (!(error instanceof ServerFailure) || !error.passing) throw error;
      const now = performance.now();
      const pause = Math.max(wait, error.retryAfterMs ?? 0);
      if (now + pause + (now - started) > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
      // It woke up too late.
      if (performance.now() >= end) throw error;
      request.onRetry?.(error);
    }
  }
}

async function askOnce(
  { url, method = 'POST', headers, body, token }: ServerRequest,
  leftMs: number,
): Promise<Buffer> {
  if (leftMs <= 0) throw new ServerFailure('the time was up', { passing: false });
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      redirect: 'error',
      signal: AbortSignal.timeout(Math.ceil(leftMs)),
      ...(body !== undefined && { body }),
    });
    bytes = await readAtMost(response, ANSWER_LIMIT);
  } catch (error) {
    throw failureOf(error, leftMs);
  }
  if (response.ok) return bytes;
  const passing = [429, 502, 503, 504].includes(response.status);
  throw new ServerFailure(`HTTP ${response.status}${said(bytes)}`, {
    passing,
    status: response.status,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
  });
}

async function readAtMost(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit)
      throw new ServerFailure('the answer is too long', { passing: false, mayHaveWorked: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failureOf(error: unknown, leftMs: number): ServerFailure {
  if (error instanceof ServerFailure) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ServerFailure(`no answer within ${Math.round(leftMs)} ms`, {
      passing: false,
      mayHaveWorked: true,
    });
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const text = code ?? (error instanceof Error ? error.message : String(error));
  return new ServerFailure(`the connection failed (${text})`, {
    passing: true,
    mayHaveWorked: code === undefined || !NOT_CONNECTED.includes(code),
  });
}

/** The server's own words, where it has some that are short. */
function said(bytes: Buffer): string {
  const text = bytes.subarray(0, 2_000).toString('utf8');
  const words = messageIn(text) ?? text;
  const line = words.split('\n', 1)[0]?.trim().slice(0, 200) ?? '';
  return line === '' ? '' : `: ${line}`;
}

function messageIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const error = 'error' in value ? value.error : 'message' in value ? value.message : undefined;
    if (typeof error === 'string') return error;
    if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
    return undefined;
  } catch {
    return undefined;
  }
}
