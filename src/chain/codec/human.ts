import { isRecord } from '../plain.ts';
import type { DecodedCall, Plain } from '../types.ts';

type PlainRecord = { readonly [field: string]: Plain };

function isCall(value: Plain): value is { readonly type: string; readonly value: PlainRecord } {
  if (!isRecord(value) || typeof value.type !== 'string' || !isRecord(value.value)) return false;
  return typeof value.value.type === 'string' && 'value' in value.value && /^[A-Z]/.test(value.type);
}

/** A decoded call as pallet, name, arguments, and a line for people. */
export function humanCall(value: Plain): DecodedCall | undefined {
  if (!isCall(value) || typeof value.value.type !== 'string') return undefined;
  const args = value.value.value;
  const record = isRecord(args) ? args : {};
  return {
    pallet: value.type,
    name: value.value.type,
    args: record,
    human: `${value.type}.${value.value.type}(${fields(record)})`,
  };
}

function fields(record: PlainRecord): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${humanValue(value)}`)
    .join(', ');
}

/** A value of the chain on one line. */
function humanValue(value: Plain): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return `[${value.map(humanValue).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const keys = Object.keys(value);
  if (keys.length === 2 && typeof value.type === 'string' && 'value' in value) {
    // A call within a call reads as one; an address as itself; any other variant by its name.
    const inner = isRecord(value.value) ? humanCallOf(value) : undefined;
    if (inner !== undefined) return inner;
    if (value.type === 'Id') return humanValue(value.value);
    return value.value === undefined ? value.type : `${value.type}(${humanValue(value.value)})`;
  }
  return `{${fields(value)}}`;
}

function humanCallOf(value: PlainRecord): string | undefined {
  const { value: inner } = value;
  if (!isRecord(inner) || typeof inner.type !== 'string' || !/^[a-z]/.test(inner.type)) return undefined;
  return humanCall(value)?.human;
}
