import { Sv72Error } from '../errors/index.ts';

/** An order to a running miner. */
export interface ControlRequest {
  readonly do: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** A line of the answer; the last is a result or a refusal. */
export type ControlReply =
  | { readonly event: 'progress'; readonly message: string }
  | { readonly event: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | {
      readonly event: 'refused';
      readonly code: string;
      readonly message: string;
      readonly next: string | null;
    };

/** @throws Sv72Error ERR_CONTROL_REQUEST */
export function requestFrom(line: string): ControlRequest {
  const value = parse(line);
  if (isRecord(value) && typeof value.do === 'string') {
    const { with: given = {} } = value;
    if (isRecord(given)) return { do: value.do, with: given };
  }
  throw new Sv72Error('ERR_CONTROL_REQUEST', 'The order is not one line of JSON with "do" and "with".');
}

/** Undefined for what is no such line. */
export function replyFrom(line: string): ControlReply | undefined {
  const value = parse(line);
  if (!isRecord(value)) return undefined;
  const { event, message, result, code, next } = value;
  if (event === 'progress' && typeof message === 'string') return { event, message };
  if (event === 'result' && isRecord(result)) return { event, result };
  if (event === 'refused' && typeof code === 'string' && typeof message === 'string') {
    return { event, code, message, next: typeof next === 'string' ? next : null };
  }
  return undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
