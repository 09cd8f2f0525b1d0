import { stripVTControlCharacters } from 'node:util';
import type { JobRecord, ProgressRecord } from './types.ts';

/** Longer texts inside a record are cut, so that a display never has to. */
const TEXT = 500;
const METRICS = 32;

/**
 * Reads a line of a job's standard output. The job runs other people's code, so nothing about the line is trusted:
 * fields of the wrong type count as absent, numbers are finite, texts have no control characters.
 * @returns undefined when it is no record (then it is a line of the log)
 */
export function parseRecord(line: string): JobRecord | undefined {
  const value = object(line);
  if (value === undefined) return undefined;
  if (value.event === 'progress') return progress(value);
  if (value.event === 'warning') {
    const message = text(value.message);
    return message === null ? undefined : { event: 'warning', message };
  }
  if (value.event === 'result') {
    const { event, ...data } = value;
    return { event, data };
  }
  return undefined;
}

function progress(value: Readonly<Record<string, unknown>>): ProgressRecord {
  return {
    event: 'progress',
    phase: text(value.phase) ?? 'work',
    step: amount(value.step),
    of: amount(value.of),
    loss: number(value.loss),
    metrics: metrics(value.metrics),
    rate: amount(value.rate),
    unit: text(value.unit),
    eta: amount(value.eta),
    message: text(value.message),
  };
}

function object(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function metrics(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const found: [string, number][] = [];
  for (const [name, given] of Object.entries(value)) {
    const figure = number(given);
    const label = text(name);
    if (figure !== null && label !== null && found.length < METRICS) found.push([label, figure]);
  }
  return Object.fromEntries(found);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function amount(value: unknown): number | null {
  const found = number(value);
  return found !== null && found >= 0 ? found : null;
}

function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const clean = printable(value).trim();
  if (clean === '') return null;
  return clean.length > TEXT ? `${clean.slice(0, TEXT - 1)}…` : clean;
}

/** A line without escape sequences and control characters, for terminals and files that people read. */
export function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return stripVTControlCharacters(line).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
