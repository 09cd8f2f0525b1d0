import type { SiLookupTypeId } from '@polkadot/types/interfaces';
import type { Codec, Registry } from '@polkadot/types/types';

/** The types of a runtime by number. */
export type Lookup = Registry['lookup'];

import { ss58Encode } from '../../wallet/index.ts';
import type { Plain } from '../types.ts';
import { toHex } from './hex.ts';

/** Number of a type in the runtime's metadata. */
export type TypeId = SiLookupTypeId;

interface Field {
  readonly name: string | undefined;
  readonly type: TypeId;
}

type FieldOfType = ReturnType<Lookup['getSiType']>['def']['asComposite']['fields'][number];

/** Names and types of the fields of a struct or variant. */
export function fieldsIn(fields: readonly FieldOfType[]): Field[] {
  return fields.map(({ name, type }) => ({ name: name.isSome ? name.unwrap().toString() : undefined, type }));
}

/** Last part of a type's path, such as AccountId32; undefined for types without. */
export function lastName(lookup: Lookup, type: TypeId): string | undefined {
  return lookup.getSiType(type).path.at(-1)?.toString();
}

/** What the library's values of special kinds have beside `Codec`. */
interface Shapes {
  toBigInt(): bigint;
  isTrue: boolean;
  isSome: boolean;
  isOk: boolean;
  unwrap(): Codec;
  /** Enum: name, and what it holds. */
  type: string;
  inner: Codec;
  values(): Iterable<Codec>;
  entries(): Iterable<[Codec, Codec]>;
  toBoolArray(): boolean[];
  /** Call and event: pallet and variant by index, and their fields. */
  callIndex: Uint8Array;
  index: Uint8Array;
  args: Codec[];
  data: Codec[];
}

function as<K extends keyof Shapes>(codec: Codec, ..._: K[]): Codec & Pick<Shapes, K> {
  return codec as Codec & Pick<Shapes, K>;
}

const SMALL_BITS = 32;

function integerOf(codec: Codec, bits: number): Plain {
  const value = as(codec, 'toBigInt').toBigInt();
  return bits <= SMALL_BITS ? Number(value) : value;
}

/** A value that the library decoded, as `Plain`. The metadata's type leads, since the library renames fields. */
export function toPlain(lookup: Lookup, codec: Codec, type: TypeId): Plain {
  const { def, params } = lookup.getSiType(type);
  const name = lastName(lookup, type);
  const read = (inner: Codec, id: TypeId) => toPlain(lookup, inner, id);

  if (name === 'AccountId32') return ss58Encode(codec.toU8a());
  // Calls and events are enums of enums; a struct may have fields of these names.
  if (def.isVariant && 'callIndex' in codec) return callOf(lookup, codec, type);
  if (def.isVariant && name?.endsWith('Event') && 'index' in codec && 'data' in codec) {
    return eventOf(lookup, codec, type);
  }

  if (def.isPrimitive) {
    const primitive = def.asPrimitive.type;
    if (primitive === 'Bool') return as(codec, 'isTrue').isTrue;
    if (primitive === 'Str') return codec.toString();
    if (primitive === 'Char') return integerOf(codec, SMALL_BITS);
    return integerOf(codec, Number(primitive.slice(1)));
  }
  if (def.isCompact) return compactOf(lookup, codec, def.asCompact.type);
  if (def.isSequence || def.isArray) {
    const inner = def.isSequence ? def.asSequence.type : def.asArray.type;
    if (isByte(lookup, inner)) return toHex(def.isArray ? codec.toU8a() : codec.toU8a(true));
    return [...as(codec, 'values').values()].map((one) => read(one, inner));
  }
  if (def.isTuple) {
    const types = def.asTuple;
    if (types.length === 0) return undefined;
    const parts = [...as(codec, 'values').values()];
    if (types.length === 1 && types[0] !== undefined) return read(parts[0] ?? codec, types[0]);
    return types.map((id, index) => read(present(parts[index]), id));
  }
  if (def.isBitSequence) return as(codec, 'toBoolArray').toBoolArray();
  if (def.isComposite) {
    const fields = fieldsIn(def.asComposite.fields);
    const only = fields.length === 1 ? fields[0] : undefined;
    if (name === 'BTreeMap' || name === 'BoundedBTreeMap') {
      const [key, value] = params.map((param) => param.type.unwrap());
      return [...as(codec, 'entries').entries()].map(([k, v]) => [
        read(k, present(key)),
        read(v, present(value)),
      ]);
    }
    if (name === 'BTreeSet' || name === 'BoundedBTreeSet') {
      const of = present(params[0]).type.unwrap();
      return [...as(codec, 'values').values()].map((one) => read(one, of));
    }
    // The library leaves out structs around one unnamed value.
    if (only !== undefined && only.name === undefined) return read(codec, only.type);
    if (only?.name !== undefined && !(codec instanceof Map)) return { [only.name]: read(codec, only.type) };
    return fieldValues(lookup, codec, fields);
  }
  if (def.isVariant) {
    const { variants } = def.asVariant;
    if (name === 'Option') {
      const some = as(codec, 'isSome', 'unwrap');
      return some.isSome ? read(some.unwrap(), present(params[0]).type.unwrap()) : undefined;
    }
    const held = as(codec, 'type', 'inner');
    const variant = variants.find((one) => one.name.toString() === held.type);
    return { type: held.type, value: fieldValues(lookup, held.inner, fieldsIn(present(variant).fields)) };
  }
  throw new TypeError(`${def.type} is no type that can be read`);
}

/** Fields of a struct or variant: by name, as a list, or the one that has no name. */
function fieldValues(lookup: Lookup, codec: Codec, fields: readonly Field[]): Plain {
  const first = fields[0];
  if (first === undefined) return undefined;
  const named = fields.some(({ name }) => name !== undefined);
  if (!named && fields.length === 1) return toPlain(lookup, codec, first.type);
  return collect(lookup, [...as(codec, 'values').values()], fields);
}

function collect(lookup: Lookup, parts: readonly Codec[], fields: readonly Field[]): Plain {
  const values = fields.map(({ type }, index) => toPlain(lookup, present(parts[index]), type));
  if (fields.every(({ name }) => name === undefined)) return values.length === 1 ? values[0] : values;
  return Object.fromEntries(fields.map(({ name }, index) => [name ?? String(index), values[index]]));
}

function compactOf(lookup: Lookup, codec: Codec, inner: TypeId): Plain {
  const { def } = lookup.getSiType(inner);
  if (def.isPrimitive) return integerOf(codec, Number(def.asPrimitive.type.slice(1)));
  const only = def.isComposite ? fieldsIn(def.asComposite.fields)[0] : undefined;
  if (only === undefined) return undefined;
  const value = compactOf(lookup, codec, only.type);
  return only.name === undefined ? value : { [only.name]: value };
}

/** A call: its pallet, its name and its arguments, as the enums of enums that they are in the metadata. */
function callOf(lookup: Lookup, codec: Codec, type: TypeId): Plain {
  const { callIndex, args } = as(codec, 'callIndex', 'args');
  return outer(lookup, type, callIndex, args);
}

function eventOf(lookup: Lookup, codec: Codec, type: TypeId): Plain {
  const { index, data } = as(codec, 'index', 'data');
  return outer(lookup, type, index, [...data]);
}

function outer(lookup: Lookup, type: TypeId, index: Uint8Array, parts: readonly Codec[]): Plain {
  const pallet = present(
    lookup.getSiType(type).def.asVariant.variants.find((one) => one.index.toNumber() === index[0]),
  );
  const { variants } = lookup.getSiType(present(pallet.fields[0]).type).def.asVariant;
  const variant = present(variants.find((one) => one.index.toNumber() === index[1]));
  const fields = fieldsIn(variant.fields);
  const value = fields.length === 0 ? undefined : collect(lookup, parts, fields);
  return { type: pallet.name.toString(), value: { type: variant.name.toString(), value } };
}

export function isByte(lookup: Lookup, type: TypeId): boolean {
  const { def } = lookup.getSiType(type);
  return def.isPrimitive && def.asPrimitive.isU8;
}

/** Whether values of a type take no bytes. */
export function isEmpty(lookup: Lookup, type: TypeId): boolean {
  const { def } = lookup.getSiType(type);
  if (def.isTuple) return def.asTuple.every((inner) => isEmpty(lookup, inner));
  return def.isComposite && def.asComposite.fields.every((field) => isEmpty(lookup, field.type));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('the metadata and the value do not fit together');
  return value;
}
