import { Sv72Error } from '../errors/index.ts';
import type { Plain, Variant } from './types.ts';

function unexpected(what: string, wanted: string): never {
  throw new Sv72Error('ERR_CHAIN_SHAPE', `The chain answered ${what} in an unknown form: no ${wanted}.`, {
    details: { what, wanted },
  });
}

/** A value of the chain as a number. @throws ERR_CHAIN_SHAPE, like all below, naming `what` */
export function asNumber(value: Plain, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) {
    return Number(value);
  }
  return unexpected(what, 'number');
}

/** An integer of any width. */
export function asBigInt(value: Plain, what: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return unexpected(what, 'integer');
}

export function asBoolean(value: Plain, what: string): boolean {
  return typeof value === 'boolean' ? value : unexpected(what, 'yes or no');
}

export function asString(value: Plain, what: string): string {
  return typeof value === 'string' ? value : unexpected(what, 'text');
}

export function asList(value: Plain, what: string): readonly Plain[] {
  return isList(value) ? value : unexpected(what, 'list');
}

export function asRecord(value: Plain, what: string): { readonly [field: string]: Plain } {
  return isRecord(value) ? value : unexpected(what, 'record');
}

/** A field of a struct, undefined when this runtime's struct has none of that name. */
export function fieldOf(value: Plain, name: string, what: string): Plain {
  const record = asRecord(value, what);
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export function asVariant(value: Plain, what: string): Variant {
  const { type, value: inner } = asRecord(value, what);
  return { type: asString(type, `${what}.type`), value: inner };
}

/** Bytes that are UTF-8 text: hex of a Vec<u8>, or a list of numbers as Vec<Compact<u8>> gives. */
export function asUtf8(value: Plain, what: string): string {
  if (typeof value === 'string' && /^0x([0-9a-f]{2})*$/.test(value)) {
    return Buffer.from(value.slice(2), 'hex').toString('utf8');
  }
  if (isList(value)) {
    return Buffer.from(value.map((byte) => asNumber(byte, what))).toString('utf8');
  }
  return unexpected(what, 'bytes of text');
}

/** A fixed-point number `{ bits }` such as U96F32 or U64F64, as a float: bits / 2^fraction. */
export function asFixed(value: Plain, fractionBits: number, what: string): number {
  const bits = asBigInt(fieldOf(value, 'bits', what), what);
  const whole = bits >> BigInt(fractionBits);
  const rest = bits - (whole << BigInt(fractionBits));
  return Number(whole) + Number(rest) / 2 ** fractionBits;
}

/** Whether a value is a struct or an enum's value. */
export function isRecord(value: Plain): value is { readonly [field: string]: Plain } {
  return typeof value === 'object' && !isList(value);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
