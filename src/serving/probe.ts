import { createServer } from 'node:net';
import { Sv72Error } from '../errors/index.ts';

/** What answers at the address of a server. */
export type Probe =
  | { readonly is: 'absent' }
  /** Something is there that does not answer yet, or refuses for now. */
  | { readonly is: 'loading'; readonly why: string }
  | { readonly is: 'ready' }
  /** It answers, but not as this server would, or without the model. */
  | { readonly is: 'other'; readonly why: string };

export interface ProbeTarget {
  readonly kind: 'oip' | 'openai';
  /** Base URL of clients. */
  readonly url: string;
  /** null: any. */
  readonly model: string | null;
  readonly token: string | undefined;
}

const TIMEOUT_MS = 5_000;
/** Lists of models are short. */
const MAX_ANSWER = 1_048_576;

/** Asks a server whether it is ready and has the model. It never throws. */
export async function probe(target: ProbeTarget, signal?: AbortSignal): Promise<Probe> {
  try {
    return target.kind === 'oip' ? await probeOip(target, signal) : await probeOpenai(target, signal);
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') return { is: 'absent' };
    return { is: 'loading', why: codeOf(error) ?? 'it does not answer' };
  }
}

async function probeOip({ url, model, token }: ProbeTarget, signal?: AbortSignal): Promise<Probe> {
  const ready = await get(`${url}/v2/health/ready`, token, signal);
  if (ready.status === 404) return { is: 'other', why: 'it does not speak the Open Inference Protocol' };
  if (ready.status !== 200) return { is: 'loading', why: `it says ${ready.status}` };
  if (model === null) return { is: 'ready' };
  const has = await get(`${url}/v2/models/${encodeURIComponent(model)}/ready`, token, signal);
  if (has.status === 200) return { is: 'ready' };
  return has.status === 503
    ? { is: 'loading', why: `it loads ${model}` }
    : { is: 'other', why: `it has no model ${model}` };
}

async function probeOpenai({ url, model, token }: ProbeTarget, signal?: AbortSignal): Promise<Probe> {
  const { status, text } = await get(`${url}/models`, token, signal);
  if (status === 401 || status === 403) return { is: 'other', why: 'it does not accept the token' };
  if (status === 404 || status === 405) return { is: 'other', why: 'it has no list of models' };
  if (status !== 200) return { is: 'loading', why: `it says ${status}` };
  const names = modelNames(text);
  if (names === undefined) return { is: 'other', why: 'its list of models makes no sense' };
  if (model === null ? names.length > 0 : names.includes(model)) return { is: 'ready' };
  return { is: 'other', why: `it has no model ${model ?? ''}`.trimEnd() };
}

/** Names in an answer of `/models`; undefined when it is none. */
export function modelNames(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const data: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'data') : undefined;
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((entry: unknown) => {
    const id: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'id') : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}

async function get(
  url: string,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<{ status: number; text: string }> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    redirect: 'manual',
    headers: { connection: 'close', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER) break;
  }
  return { status: response.status, text };
}

function codeOf(error: unknown): string | undefined {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Makes sure that a port can be listened on.
 *
 * @throws Sv72Error ERR_SERVING_PORT
 */
export async function mustBeFree(address: string, port: number, id: string): Promise<void> {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown error'));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return;
  throw new Sv72Error(
    'ERR_SERVING_PORT',
    code === 'EADDRINUSE'
      ? `The port ${port} of ${address}, which is for ${id}, is taken by another program.`
      : `The port ${port} of ${address}, which is for ${id}, cannot be listened on (${code}).`,
    { details: { port, address } },
  );
}
