import { parsePyFloat } from '../wire/index.ts';
import type { WireResult } from './transport.ts';

/** What came of one question, in the same shape for success and failure. */
export interface ChallengeResult {
  /** The answer; -1 when there is none, as in the Python class. */
  readonly prediction: number;
  /** The axon's status, else the HTTP status, else what stands for the failure (408, 422, 503 …). */
  readonly status: number;
  readonly message: string;
  /** As the SDK's `is_success`: HTTP 200, and the axon says 200 itself. */
  readonly isSuccess: boolean;
  /** From the start of the request to the whole answer. */
  readonly latencyMs: number;
  /** Time the axon says it took (ms); null when it does not say. */
  readonly processMs: number | null;
  /** null when no response came. */
  readonly httpStatus: number | null;
}

export type Interpreted = Omit<ChallengeResult, 'latencyMs'>;

/** Reads a response as the SDK's dendrite does, with its quirks: only lower-case `bt_header_axon_` names count. */
export function interpretSynapse(result: WireResult, context: FailureContext): Interpreted {
  if (result.kind === 'failure') return failed(result, context);
  const json = jsonObject(result);
  if (typeof json === 'string') return unparsable(json, result.status);
  const headers = axonHeaders(result.rawHeaders);
  if (result.status !== 200) {
    const message = said(headers.get('status_message') ?? json.message);
    return {
      ...NO_ANSWER,
      status: integer(headers.get('status_code')) ?? result.status,
      message,
      processMs: processMs(headers, undefined),
      httpStatus: result.status,
    };
  }
  const prediction = json.prediction === undefined ? -1 : asFloat(json.prediction);
  if (prediction === undefined) return unparsable('prediction is not a number', result.status);
  const axon = isObject(json.axon) ? json.axon : {};
  if (json.axon === null || json.dendrite === null) {
    const field = json.axon === null ? 'axon' : 'dendrite';
    return { ...unparsable(`${field} is null`, result.status), prediction };
  }
  const status = integer(headers.get('status_code')) ?? asFloat(axon.status_code) ?? null;
  const message = said(headers.get('status_message') ?? axon.status_message);
  return {
    prediction,
    status: status ?? result.status,
    message,
    isSuccess: status === 200,
    processMs: processMs(headers, axon.process_time),
    httpStatus: result.status,
  };
}

/** Reads the answer of a `btauth/1` door: HTTP says whether it went well. */
export function interpretBtauth(result: WireResult, context: FailureContext): Interpreted {
  if (result.kind === 'failure') return failed(result, context);
  const json = jsonObject(result);
  if (typeof json === 'string') return unparsable(json, result.status);
  const prediction = asFloat(json.prediction);
  if (result.status !== 200) {
    return { ...NO_ANSWER, status: result.status, message: said(json.message), httpStatus: result.status };
  }
  if (prediction === undefined) return unparsable('prediction is not a number', result.status);
  const seconds = asFloat(json.process_time);
  return {
    prediction,
    status: 200,
    message: 'Success',
    isSuccess: true,
    processMs: seconds === undefined ? null : seconds * 1000,
    httpStatus: 200,
  };
}

export interface FailureContext {
  /** `host:port/Name`, for messages. */
  readonly where: string;
  readonly timeoutSeconds: string;
}

const NO_ANSWER: Interpreted = {
  prediction: -1,
  status: 0,
  message: '',
  isSuccess: false,
  processMs: null,
  httpStatus: null,
};

function failed(result: Extract<WireResult, { kind: 'failure' }>, context: FailureContext): Interpreted {
  switch (result.reason) {
    case 'timeout':
      return {
        ...NO_ANSWER,
        status: 408,
        message: `Request timeout after ${context.timeoutSeconds} seconds`,
      };
    case 'malformed':
      return { ...NO_ANSWER, status: 400, message: `Not a valid HTTP response: ${said(result.detail)}` };
    default:
      return { ...NO_ANSWER, status: 503, message: `Service unavailable at ${context.where}` };
  }
}

function unparsable(why: string, httpStatus: number): Interpreted {
  return { ...NO_ANSWER, status: 422, message: `Failed to parse response: ${why}`, httpStatus };
}

/** The body as an object, or why it is none. */
function jsonObject(
  result: Extract<WireResult, { kind: 'response' }>,
): Readonly<Record<string, unknown>> | string {
  const type = headerValue(result.rawHeaders, 'content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    return `unexpected content type "${said(type).slice(0, 80)}"`;
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(result.body));
  } catch {
    return 'not valid JSON';
  }
  return isObject(value) ? value : 'not a JSON object';
}

function headerValue(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) if (raw[i]?.toLowerCase() === name) return raw[i + 1];
  return undefined;
}

/** Longer than any sentence of the SDK, with a signature in it. */
const MOST_SAID = 500;

/** What the other side says is anybody's: one line, and nothing in it steers a terminal or turns text around. */
function said(text: unknown): string {
  if (typeof text !== 'string') return '';
  const line = text
    .slice(0, MOST_SAID + 1)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID - 1)}…` : line;
}

/** Fields of the axon's TerminalInfo from headers whose names are spelled in lower case. */
function axonHeaders(raw: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [, field] = /^bt_header_axon_(.+)$/.exec(raw[i] ?? '') ?? [];
    if (field !== undefined) fields.set(field, raw[i + 1] ?? '');
  }
  return fields;
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}

/** What pydantic takes for a float: numbers, numeric text, booleans. */
function asFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? parsePyFloat(value) : undefined;
}

function processMs(headers: ReadonlyMap<string, string>, fromBody: unknown): number | null {
  const seconds = asFloat(headers.get('process_time') ?? fromBody);
  return seconds === undefined ? null : seconds * 1000;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
