import type { FieldModel, TypeModel, VariantModel } from '../metadata/format.ts';
import type { Plain } from '../model.ts';
import { fromHex, type Reader, toHex } from './bytes.ts';
import { PRIMITIVES, type Types } from './types.ts';

/** Bytes to values, by type. */
export class Decoder {
  readonly #types: Types;

  constructor(types: Types) {
    this.#types = types;
  }

  /** @throws RangeError where the bytes are not of this type */
  read(from: Reader, id: number): Plain {
    const type = this.#types.get(id);
    const { kind, value } = type.definition;
    switch (kind) {
      case 'composite':
        return this.#fields(from, value);
      case 'variant':
        return this.#variant(from, type, value);
      case 'sequence': {
        const length = from.length();
        if (this.#types.isByte(value)) return toHex(from.take(length));
        return Array.from({ length }, () => this.read(from, value));
      }
      case 'array':
        if (this.#types.isByte(value.type)) return toHex(from.take(value.length));
        return Array.from({ length: value.length }, () => this.read(from, value.type));
      case 'tuple':
        return value.map((item) => this.read(from, item));
      case 'primitive':
        return readPrimitive(from, value);
      case 'compact': {
        if (this.#types.isUnit(value)) return [];
        const number = from.compact();
        const bits = this.#types.bits(value);
        if (number >> BigInt(bits) > 0n) throw new RangeError(`${number} does not fit ${bits} bits`);
        return bits <= 32 ? Number(number) : number;
      }
      case 'bits':
        throw new RangeError('bit sequences are not modelled');
    }
  }

  #fields(from: Reader, fields: readonly FieldModel[]): Plain {
    const [first] = fields;
    if (fields.length === 1 && first?.name === undefined) return this.read(from, (first as FieldModel).type);
    if (first?.name === undefined) return fields.map((field) => this.read(from, field.type));
    return Object.fromEntries(fields.map((field) => [field.name, this.read(from, field.type)]));
  }

  #variant(from: Reader, type: TypeModel, variants: readonly VariantModel[]): Plain {
    const index = from.u8();
    const variant = variants.find((one) => one.index === index);
    if (variant === undefined) throw new RangeError(`${type.path.join('::')} has no variant ${index}`);
    const value = variant.fields.length === 0 ? undefined : this.#fields(from, variant.fields);
    if (this.#types.isOption(type)) return value;
    if (this.#types.isCall(type)) return asCall(variant.name, value);
    if (this.#types.isEvent(type)) return asEvent(variant.name, value);
    if (this.#types.isDispatchError(type)) return this.#dispatchError(variant.name, value);
    return value === undefined && variant.fields.length === 0 ? variant.name : { [variant.name]: value };
  }

  #dispatchError(name: string, value: Plain): Plain {
    if (name === 'BadOrigin') return { kind: 'badOrigin' };
    if (name === 'Token') return { kind: 'token', name: value };
    if (name === 'Arithmetic') return { kind: 'arithmetic', name: value };
    if (name !== 'Module') return { kind: 'other' };
    const { index, error } = value as { readonly index: number; readonly error: string };
    return { kind: 'module', ...this.#types.errorName(index, fromHex(error)[0] as number) };
  }
}

function readPrimitive(from: Reader, primitive: number): Plain {
  const name = PRIMITIVES[primitive] as string;
  if (name === 'bool') {
    const byte = from.u8();
    if (byte > 1) throw new RangeError('not a bool');
    return byte === 1;
  }
  if (name === 'str') return new TextDecoder('utf-8', { fatal: true }).decode(from.take(from.length()));
  if (name === 'char') return String.fromCodePoint(from.u32());
  const bits = Number(name.slice(1));
  const raw = from.uint(bits / 8);
  const value = name.startsWith('i') ? BigInt.asIntN(bits, raw) : raw;
  return bits <= 32 ? Number(value) : value;
}

function asCall(pallet: string, value: Plain): Plain {
  if (typeof value === 'string') return { pallet, name: value, args: {} };
  const [name, args] = Object.entries(value as object)[0] as [string, Plain];
  return { pallet, name, args };
}

function asEvent(pallet: string, value: Plain): Plain {
  if (typeof value === 'string') return { pallet, name: value };
  const [name, data] = Object.entries(value as object)[0] as [string, Plain];
  return { pallet, name, data };
}
