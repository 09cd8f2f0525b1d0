import type { FieldModel, MetadataModel, TypeModel, VariantModel } from '../metadata/format.ts';
import type { ChainEvent, DispatchErrorValue, Plain, PlainCall } from '../model.ts';
import { fromHex, Reader, toHex, Writer } from './bytes.ts';

const PRIMITIVES = [
  'bool',
  'char',
  'str',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
  'u256',
  'i8',
  'i16',
  'i32',
  'i64',
  'i128',
  'i256',
];
const U8 = PRIMITIVES.indexOf('u8');

/**
 * Encodes and decodes values by the types of a runtime's metadata, to and from `Plain` (model.ts).
 * It shares no code with the client library, so that the two cannot be wrong in the same way.
 */
export class Codec {
  readonly #metadata: MetadataModel;
  readonly #types: ReadonlyMap<number, TypeModel>;

  constructor(metadata: MetadataModel) {
    this.#metadata = metadata;
    this.#types = new Map(metadata.types.map((type) => [type.id, type]));
  }

  type(id: number): TypeModel {
    const found = this.#types.get(id);
    if (found === undefined) throw new RangeError(`no type ${id}`);
    return found;
  }

  /** The first type with this path, e.g. `sp_runtime::generic::era::Era`. */
  find(path: string): number | undefined {
    return this.#metadata.types.find((type) => type.path.join('::') === path)?.id;
  }

  encode(id: number, value: Plain): Uint8Array {
    const writer = new Writer();
    this.write(writer, id, value);
    return writer.done();
  }

  /** @throws RangeError when bytes are missing or left over */
  decode(id: number, bytes: Uint8Array): Plain {
    const reader = new Reader(bytes);
    const value = this.read(reader, id);
    if (reader.left > 0) throw new RangeError(`${reader.left} bytes are left over`);
    return value;
  }

  read(from: Reader, id: number): Plain {
    const type = this.type(id);
    const { kind, value } = type.definition;
    switch (kind) {
      case 'composite':
        return this.#readFields(from, value);
      case 'variant':
        return this.#readVariant(from, type, value);
      case 'sequence': {
        const length = from.length();
        if (this.#isByte(value)) return toHex(from.take(length));
        return Array.from({ length }, () => this.read(from, value));
      }
      case 'array':
        if (this.#isByte(value.type)) return toHex(from.take(value.length));
        return Array.from({ length: value.length }, () => this.read(from, value.type));
      case 'tuple':
        return value.map((item) => this.read(from, item));
      case 'primitive':
        return readPrimitive(from, value);
      case 'compact': {
        const number = from.compact();
        return this.#bits(value) <= 32 ? Number(number) : number;
      }
      case 'bits':
        throw new RangeError('bit sequences are not modelled');
    }
  }

  write(to: Writer, id: number, value: Plain): void {
    const type = this.type(id);
    try {
      this.#write(to, type, value);
    } catch (error) {
      if (error instanceof EncodingError) throw error;
      throw new EncodingError(
        `${type.path.join('::') || type.definition.kind} ${id}: ${(error as Error).message}`,
      );
    }
  }

  /** What a value is where nothing is stored: zeros, empty, None, the variant 0. */
  zero(id: number): Plain {
    const { kind, value } = this.type(id).definition;
    switch (kind) {
      case 'composite':
        return this.#zeroFields(value);
      case 'variant': {
        const first = value.find((one) => one.index === 0) ?? value[0];
        if (first === undefined) throw new RangeError('an enum without variants has no values');
        if (this.#isOption(this.type(id))) return undefined;
        return first.fields.length === 0 ? first.name : { [first.name]: this.#zeroFields(first.fields) };
      }
      case 'sequence':
        return [];
      case 'array':
        return this.#isByte(value.type)
          ? new Uint8Array(value.length)
          : Array.from({ length: value.length }, () => this.zero(value.type));
      case 'tuple':
        return value.map((item) => this.zero(item));
      case 'primitive':
        return PRIMITIVES[value] === 'bool' ? false : PRIMITIVES[value] === 'str' ? '' : 0;
      case 'compact':
        return 0;
      case 'bits':
        throw new RangeError('bit sequences are not modelled');
    }
  }

  #zeroFields(fields: readonly FieldModel[]): Plain {
    const [first] = fields;
    if (fields.length === 1 && first?.name === undefined) return this.zero((first as FieldModel).type);
    if (first?.name === undefined) return fields.map((field) => this.zero(field.type));
    return Object.fromEntries(fields.map((field) => [field.name, this.zero(field.type)]));
  }

  #readFields(from: Reader, fields: readonly FieldModel[]): Plain {
    const [first] = fields;
    if (fields.length === 1 && first?.name === undefined) return this.read(from, (first as FieldModel).type);
    if (first?.name === undefined) return fields.map((field) => this.read(from, field.type));
    return Object.fromEntries(fields.map((field) => [field.name, this.read(from, field.type)]));
  }

  #readVariant(from: Reader, type: TypeModel, variants: readonly VariantModel[]): Plain {
    const index = from.u8();
    const variant = variants.find((one) => one.index === index);
    if (variant === undefined) throw new RangeError(`${type.path.join('::')} has no variant ${index}`);
    if (this.#isOption(type)) return index === 0 ? undefined : this.#readFields(from, variant.fields);
    const value = variant.fields.length === 0 ? undefined : this.#readFields(from, variant.fields);
    if (type.id === this.#metadata.outerEnums.call) return asCall(variant.name, value);
    if (type.id === this.#metadata.outerEnums.event) return asEvent(variant.name, value);
    if (isDispatchError(type)) return this.#asDispatchError(variant.name, value);
    return variant.fields.length === 0 ? variant.name : { [variant.name]: value };
  }

  #write(to: Writer, type: TypeModel, value: Plain): void {
    const { kind, value: definition } = type.definition;
    switch (kind) {
      case 'composite':
        return this.#writeFields(to, definition, value);
      case 'variant':
        return this.#writeVariant(to, type, definition, value);
      case 'sequence': {
        if (typeof value === 'string' || value instanceof Uint8Array) {
          const bytes = typeof value === 'string' ? textOrHex(value) : value;
          to.compact(bytes.length);
          if (this.#isByte(definition)) to.put(bytes);
          else if (this.#isCompactByte(definition)) for (const byte of bytes) to.compact(byte);
          else throw new RangeError('text for a list of something that is not bytes');
          return;
        }
        const items = asArray(value);
        to.compact(items.length);
        for (const item of items) this.write(to, definition, item);
        return;
      }
      case 'array': {
        if (this.#isByte(definition.type) && !Array.isArray(value)) {
          const bytes = typeof value === 'string' ? fromHex(value) : value;
          if (!(bytes instanceof Uint8Array) || bytes.length !== definition.length)
            throw new RangeError(`wants ${definition.length} bytes`);
          to.put(bytes);
          return;
        }
        const items = asArray(value);
        if (items.length !== definition.length) throw new RangeError(`wants ${definition.length} items`);
        for (const item of items) this.write(to, definition.type, item);
        return;
      }
      case 'tuple': {
        if (definition.length === 0) return;
        const items = asArray(value);
        if (items.length !== definition.length) throw new RangeError(`wants ${definition.length} items`);
        for (const [index, item] of definition.entries()) this.write(to, item, items[index]);
        return;
      }
      case 'primitive':
        return writePrimitive(to, definition, value);
      case 'compact': {
        const number = asInteger(value);
        inRange(number, this.#bits(definition), false);
        to.compact(number);
        return;
      }
      case 'bits':
        throw new RangeError('bit sequences are not modelled');
    }
  }

  #writeFields(to: Writer, fields: readonly FieldModel[], value: Plain): void {
    const [first] = fields;
    if (first === undefined) return;
    if (fields.length === 1 && (first.name === undefined || !isRecord(value)))
      return this.write(to, first.type, value);
    if (first.name === undefined) {
      const items = asArray(value);
      if (items.length !== fields.length) throw new RangeError(`wants ${fields.length} values`);
      for (const [index, field] of fields.entries()) this.write(to, field.type, items[index]);
      return;
    }
    if (!isRecord(value)) throw new RangeError('wants an object');
    const names = new Set(fields.map((field) => field.name));
    for (const name of Object.keys(value))
      if (!names.has(name)) throw new RangeError(`knows no field ${name}`);
    for (const field of fields) {
      const given = value[field.name as string];
      this.write(to, field.type, given === undefined ? this.zero(field.type) : given);
    }
  }

  #writeVariant(to: Writer, type: TypeModel, variants: readonly VariantModel[], value: Plain): void {
    if (this.#isOption(type)) {
      const some = variants.find((one) => one.name === 'Some') as VariantModel;
      if (value === undefined || value === null) return void to.u8(0);
      return this.#writeFields(to.u8(1), some.fields, value);
    }
    let given = value;
    if (type.id === this.#metadata.outerEnums.call && isRecord(value) && 'pallet' in value) {
      const call = value as PlainCall;
      given = { [call.pallet]: { [call.name]: call.args } };
    } else if (type.id === this.#metadata.outerEnums.event && isRecord(value) && 'pallet' in value) {
      const event = value as unknown as ChainEvent;
      given = { [event.pallet]: event.data === undefined ? event.name : { [event.name]: event.data } };
    } else if (isDispatchError(type) && isRecord(value) && 'kind' in value) {
      given = this.#fromDispatchError(value as unknown as DispatchErrorValue);
    }
    const name = typeof given === 'string' ? given : isRecord(given) ? Object.keys(given)[0] : undefined;
    const variant = variants.find((one) => one.name === name);
    if (variant === undefined || name === undefined) throw new RangeError(`knows no variant ${String(name)}`);
    to.u8(variant.index);
    const inner = isRecord(given) ? given[name] : undefined;
    if (variant.fields.length === 0) return;
    this.#writeFields(to, variant.fields, inner === undefined ? this.#zeroFields(variant.fields) : inner);
  }

  /** Index of the pallet and of its error, by name. */
  #fromDispatchError(error: DispatchErrorValue): Plain {
    switch (error.kind) {
      case 'module': {
        const pallet = this.#metadata.pallets.find((one) => one.name === error.pallet);
        const errors = pallet?.errors === undefined ? undefined : this.type(pallet.errors.type).definition;
        const found =
          errors?.kind === 'variant' ? errors.value.find((one) => one.name === error.name) : undefined;
        if (pallet === undefined || found === undefined)
          throw new RangeError(`this runtime has no error ${error.pallet}.${error.name}`);
        return { Module: { index: pallet.index, error: Uint8Array.of(found.index, 0, 0, 0) } };
      }
      case 'token':
        return { Token: error.name };
      case 'arithmetic':
        return { Arithmetic: error.name };
      case 'badOrigin':
        return 'BadOrigin';
      case 'other':
        return 'Other';
    }
  }

  #asDispatchError(name: string, value: Plain): Plain {
    if (name === 'BadOrigin') return { kind: 'badOrigin' };
    if (name === 'Token') return { kind: 'token', name: value };
    if (name === 'Arithmetic') return { kind: 'arithmetic', name: value };
    if (name !== 'Module' || !isRecord(value)) return { kind: 'other' };
    const pallet = this.#metadata.pallets.find((one) => one.index === value.index);
    const errors = pallet?.errors === undefined ? undefined : this.type(pallet.errors.type).definition;
    const index = fromHex(value.error as string)[0];
    const found = errors?.kind === 'variant' ? errors.value.find((one) => one.index === index) : undefined;
    return {
      kind: 'module',
      pallet: pallet?.name ?? String(value.index),
      name: found?.name ?? String(index),
    };
  }

  #isOption(type: TypeModel): boolean {
    return type.path.length === 1 && type.path[0] === 'Option';
  }

  #isByte(id: number): boolean {
    const { kind, value } = this.type(id).definition;
    return kind === 'primitive' && value === U8;
  }

  #isCompactByte(id: number): boolean {
    const { kind, value } = this.type(id).definition;
    return kind === 'compact' && this.#isByte(value);
  }

  /** Bits of the integer a Compact wraps, directly or in a newtype. */
  #bits(id: number): number {
    const { kind, value } = this.type(id).definition;
    if (kind === 'primitive') return Number((PRIMITIVES[value] ?? '').slice(1));
    if (kind === 'composite' && value.length === 1) return this.#bits((value[0] as FieldModel).type);
    throw new RangeError('compact of something that is not a number');
  }
}

/** A value that its type cannot hold: a mistake in the model. */
export class EncodingError extends Error {}

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

function writePrimitive(to: Writer, primitive: number, value: Plain): void {
  const name = PRIMITIVES[primitive] as string;
  if (name === 'bool') {
    if (typeof value !== 'boolean') throw new RangeError('wants a bool');
    to.u8(value ? 1 : 0);
  } else if (name === 'str') {
    if (typeof value !== 'string') throw new RangeError('wants text');
    const bytes = new TextEncoder().encode(value);
    to.compact(bytes.length).put(bytes);
  } else if (name === 'char') {
    to.u32((value as string).codePointAt(0) as number);
  } else {
    const bits = Number(name.slice(1));
    const number = asInteger(value);
    inRange(number, bits, name.startsWith('i'));
    to.uint(BigInt.asUintN(bits, number), bits / 8);
  }
}

function inRange(value: bigint, bits: number, signed: boolean): void {
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  if (!fits) throw new RangeError(`${value} does not fit ${bits} bits`);
}

function asInteger(value: Plain): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new RangeError(`wants a whole number, got ${typeof value} ${String(value)}`);
}

function asArray(value: Plain): readonly Plain[] {
  if (Array.isArray(value)) return value;
  throw new RangeError('wants a list');
}

function isRecord(value: Plain): value is { readonly [field: string]: Plain } {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function isDispatchError(type: TypeModel): boolean {
  return type.path.join('::') === 'sp_runtime::DispatchError';
}

function textOrHex(value: string): Uint8Array {
  return value.startsWith('0x') ? fromHex(value) : new TextEncoder().encode(value);
}

function asCall(pallet: string, value: Plain): PlainCall {
  const [name, args] =
    typeof value === 'string' ? [value, {}] : (Object.entries(value as object)[0] as [string, Plain]);
  return { pallet, name, args: args as PlainCall['args'] };
}

function asEvent(pallet: string, value: Plain): { readonly [field: string]: Plain } {
  if (typeof value === 'string') return { pallet, name: value };
  const [name, data] = Object.entries(value as object)[0] as [string, Plain];
  return { pallet, name, data };
}
