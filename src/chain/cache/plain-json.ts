import type { Plain } from '../types.ts';

/** The chain's values as JSON text: bigints as `{"$int":"…"}`, undefined as `{"$none":true}`. */
export function plainToJson(value: Plain): string {
  return JSON.stringify(marked(value));
}

/** @throws SyntaxError when it is no JSON */
export function plainFromJson(text: string): Plain {
  return unmarked(JSON.parse(text));
}

function marked(value: Plain): unknown {
  if (typeof value === 'bigint') return { $int: value.toString() };
  if (value === undefined) return { $none: true };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}

function unmarked(value: unknown): Plain {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('$int' in value && typeof value.$int === 'string') return BigInt(value.$int);
  if ('$none' in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unmarked(inner)]));
}
