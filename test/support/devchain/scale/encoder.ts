import type { FieldModel, TypeModel, VariantModel } from '../metadata/format.ts';
import type { ChainEvent, DispatchErrorValue, Plain, PlainCall } from '../model.ts';
import { fromHex, type Writer } from './bytes.ts';
import { PRIMITIVES, type Types } from './types.ts';

type Named = { readonly [field: string]: Plain };

/** A value that its type cannot hold: a mistake in the model. */
class EncodingError extends Error {}

/** Values to bytes, by type; what is accepted for what stands at `Plain`. */
export class Encoder {
  readonly #types: Types;

  constructor(types: Types) {
    this.#types = types;
  }

  /** @throws EncodingError */
  write(to: Writer, id: number, value: Plain): void {
    const type = this.#types.get(id);
    try {
      this.#write(to, type, value);
    } catch (error) {
      if (error instanceof EncodingError) throw error;
      const name = type.path.join('::') || type.definition.kind;
      throw new EncodingError(`${name} ${id}: ${(error as Error).message}`);
    }
  }

  /** What a value is where nothing is stored: zeros, empty, None, the first variant. */
  zero(id: number): Plain {
    const type = this.#types.get(id);
    const { kind, value } = type.definition;
    switch (kind) {
      case 'composite':
        return this.#zeroFields(value);
      case 'variant': {
        const first = value.find((one) => one.index === 0) ?? value[0];
        if (first === undefined) throw new RangeError('an enum without variants has no values');
        if (this.#types.isOption(type)) return undefined;
        return first.fields.length === 0 ? first.name : { [first.name]: this.#zeroFields(first.fields) };
      }
      case 'sequence':
        return [];
      case 'array':
        return this.#types.isByte(value.type)
          ? new Uint8Array(value.length)
          : Array.from({ length: value.length }, () => this.zero(value.type));
      case 'tuple':
        return value.map((item) => this.zero(item));
      case 'primitive':
        return PRIMITIVES[value] === 'bool' ? false : PRIMITIVES[value] === 'str' ? '' : 0;
      case 'compact':
        return this.#types.isUnit(value) ? [] : 0;
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

  #write(to: Writer, type: TypeModel, value: Plain): void {
    const { kind, value: definition } = type.definition;
    switch (kind) {
      case 'composite':
        this.#fields(to, definition, value);
        break;
      case 'variant':
        this.#variant(to, type, definition, value);
        break;
      case 'sequence':
        this.#sequence(to, definition, value);
        break;
      case 'array':
        this.#array(to, definition, value);
        break;
      case 'tuple': {
        const items = definition.length === 0 ? [] : asList(value, definition.length);
        for (const [index, item] of definition.entries()) this.write(to, item, items[index]);
        break;
      }
      case 'primitive':
        writePrimitive(to, PRIMITIVES[definition] as string, value);
        break;
      case 'compact':
        if (!this.#types.isUnit(definition))
          to.compact(inRange(asInteger(value), this.#types.bits(definition), false));
        break;
      case 'bits':
        throw new RangeError('bit sequences are not modelled');
    }
  }

  #sequence(to: Writer, item: number, value: Plain): void {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
      const items = asList(value);
      to.compact(items.length);
      for (const one of items) this.write(to, item, one);
      return;
    }
    const bytes = typeof value === 'string' ? textOrHex(value) : value;
    to.compact(bytes.length);
    if (this.#types.isByte(item)) to.put(bytes);
    else if (this.#types.isCompactByte(item)) for (const byte of bytes) to.compact(byte);
    else throw new RangeError('text for a list of something that is not bytes');
  }

  #array(to: Writer, { length, type }: { length: number; type: number }, value: Plain): void {
    if (this.#types.isByte(type) && !Array.isArray(value)) {
      const bytes = typeof value === 'string' ? fromHex(value) : value;
      if (!(bytes instanceof Uint8Array) || bytes.length !== length)
        throw new RangeError(`wants ${length} bytes`);
      to.put(bytes);
      return;
    }
    for (const one of asList(value, length)) this.write(to, type, one);
  }

  #fields(to: Writer, fields: readonly FieldModel[], value: Plain): void {
    const [first] = fields;
    if (first === undefined) return;
    if (fields.length === 1 && (first.name === undefined || !isNamed(value))) {
      this.write(to, first.type, value);
      return;
    }
    if (first.name === undefined) {
      const items = asList(value, fields.length);
      for (const [index, field] of fields.entries()) this.write(to, field.type, items[index]);
      return;
    }
    if (!isNamed(value)) throw new RangeError('wants an object');
    const names = new Set(fields.map((field) => field.name));
    const strange = Object.keys(value).find((name) => !names.has(name));
    if (strange !== undefined) throw new RangeError(`knows no field ${strange}`);
    for (const field of fields) {
      const given = value[field.name as string];
      this.write(to, field.type, given === undefined ? this.zero(field.type) : given);
    }
  }

  #variant(to: Writer, type: TypeModel, variants: readonly VariantModel[], value: Plain): void {
    if (this.#types.isOption(type)) {
      const some = variants.find((one) => one.name === 'Some') as VariantModel;
      const none = value === undefined || value === null;
      to.u8(none ? 0 : 1);
      if (!none) this.#fields(to, some.fields, value);
      return;
    }
    const given = this.#asEnum(type, value);
    const name = isNamed(given) ? Object.keys(given)[0] : given;
    const variant = variants.find((one) => one.name === name);
    if (variant === undefined) throw new RangeError(`knows no variant ${String(name)}`);
    to.u8(variant.index);
    if (variant.fields.length === 0) return;
    const inner = isNamed(given) ? given[variant.name] : undefined;
    this.#fields(to, variant.fields, inner === undefined ? this.#zeroFields(variant.fields) : inner);
  }

  /** Calls, events and dispatch errors have forms of their own (model.ts). */
  #asEnum(type: TypeModel, value: Plain): Plain {
    if (!isNamed(value)) return value;
    if (this.#types.isCall(type) && 'pallet' in value) {
      const { pallet, name, args } = value as PlainCall;
      return { [pallet]: { [name]: args } };
    }
    if (this.#types.isEvent(type) && 'pallet' in value) {
      const { pallet, name, data } = value as Named & ChainEvent;
      return { [pallet]: data === undefined ? name : { [name]: data } };
    }
    if (this.#types.isDispatchError(type) && 'kind' in value)
      return this.#dispatchError(value as DispatchErrorValue);
    return value;
  }

  #dispatchError(error: DispatchErrorValue): Plain {
    switch (error.kind) {
      case 'module': {
        const found = this.#types.errorIndex(error.pallet, error.name);
        return { Module: { index: found.index, error: Uint8Array.of(found.error, 0, 0, 0) } };
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
}

function writePrimitive(to: Writer, name: string, value: Plain): void {
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
    const number = inRange(asInteger(value), bits, name.startsWith('i'));
    to.uint(BigInt.asUintN(bits, number), bits / 8);
  }
}

function inRange(value: bigint, bits: number, signed: boolean): bigint {
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  if (!fits) throw new RangeError(`${value} does not fit ${bits} bits`);
  return value;
}

function asInteger(value: Plain): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new RangeError(`wants a whole number, got ${typeof value} ${String(value)}`);
}

function asList(value: Plain, length?: number): readonly Plain[] {
  if (!Array.isArray(value)) throw new RangeError('wants a list');
  if (length !== undefined && value.length !== length) throw new RangeError(`wants ${length} items`);
  return value;
}

function isNamed(value: Plain): value is Named {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function textOrHex(value: string): Uint8Array {
  return value.startsWith('0x') ? fromHex(value) : new TextEncoder().encode(value);
}
