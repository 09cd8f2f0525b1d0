import { Sv72Error } from '../../errors/index.ts';
import { isSs58, ss58Decode } from '../../wallet/index.ts';
import type { PlainInput } from '../types.ts';
import { fromHex, isHex } from './hex.ts';
import { fieldsIn, isByte, type Lookup, lastName, type TypeId } from './read.ts';

/** What the library's constructors take. */
export type Given = unknown;

type Fields = ReturnType<typeof fieldsIn>;

function refuse(path: string, reason: string): never {
  throw new Sv72Error('ERR_CHAIN_ARGUMENT', `${path} ${reason}.`, { details: { argument: path } });
}

/**
 * A value as the library's constructors take it. They fill in what is missing and cut off what is too much, so everything is
 * checked against the metadata first.
 * @throws ERR_CHAIN_ARGUMENT, naming `path`
 */
export function toGiven(lookup: Lookup, value: PlainInput, type: TypeId, path: string): Given {
  const { def, params } = lookup.getSiType(type);
  const name = lastName(lookup, type);
  const give = (inner: PlainInput, id: TypeId, at: string) => toGiven(lookup, inner, id, at);

  if (name === 'AccountId32') return accountBytes(value, path);
  const composed = composedHex(value);
  if (composed !== undefined && name?.endsWith('RuntimeCall')) return composed;

  if (def.isPrimitive) return primitive(def.asPrimitive.type, value, path);
  if (def.isCompact) return compact(lookup, value, def.asCompact.type, path);
  if (def.isSequence || def.isArray) {
    const inner = def.isSequence ? def.asSequence.type : def.asArray.type;
    const length = def.isArray ? def.asArray.len.toNumber() : undefined;
    if (isByte(lookup, inner)) {
      const bytes = bytesOf(value, path);
      if (length !== undefined && bytes.length !== length) {
        refuse(path, `must have ${length} bytes and has ${bytes.length}`);
      }
      // Bytes of a list come with their length, as the library reads a Uint8Array as encoded.
      return length === undefined ? `0x${Buffer.from(bytes).toString('hex')}` : bytes;
    }
    const list = listOf(value, length, path);
    return list.map((one, index) => give(one, inner, `${path}[${index}]`));
  }
  if (def.isTuple) {
    const types = def.asTuple;
    if (types.length === 0) return null;
    if (types.length === 1 && types[0] !== undefined) return [give(value, types[0], path)];
    return listOf(value, types.length, path).map((one, index) => {
      const id = types[index];
      return id === undefined ? refuse(path, 'is too long') : give(one, id, `${path}[${index}]`);
    });
  }
  if (def.isComposite) {
    const fields = fieldsIn(def.asComposite.fields);
    return composite(lookup, value, fields, path);
  }
  if (def.isVariant) {
    if (name === 'Option') {
      const inner = params[0]?.type.unwrap();
      return value === undefined || inner === undefined ? null : give(value, inner, path);
    }
    const bare = name === 'MultiAddress' && (typeof value === 'string' || value instanceof Uint8Array);
    const chosen = bare ? { type: 'Id', value } : value;
    const { variants } = def.asVariant;
    const wanted = typeof chosen === 'string' ? chosen : isRecord(chosen) ? chosen.type : undefined;
    const found = variants.find((one) => one.name.toString() === wanted);
    if (found === undefined) {
      const names = variants.slice(0, 12).map((one) => one.name.toString());
      refuse(path, `must be one of ${names.join(', ')}${variants.length > 12 ? ', …' : ''}`);
    }
    const fields = fieldsIn(found.fields);
    const held = isRecord(chosen) ? chosen.value : undefined;
    const at = `${path}.${wanted}`;
    return { [found.name.toString()]: fields.length === 0 ? null : composite(lookup, held, fields, at) };
  }
  return refuse(path, `is of a kind (${def.type}) that sv72 does not write`);
}

/** Arguments by name as the fields in their order. */
export function fieldsGiven(
  lookup: Lookup,
  value: PlainInput,
  fields: Fields,
  path: string,
): readonly Given[] {
  if (!isRecord(value))
    return refuse(path, `must be an object with ${fields.map((one) => one.name).join(', ')}`);
  const known = fields.map((field, index) => field.name ?? String(index));
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray !== undefined) refuse(`${path}.${stray}`, 'is nothing that this chain knows');
  return fields.map(({ type }, index) => {
    const key = known[index] ?? '';
    return toGiven(lookup, value[key], type, `${path}.${key}`);
  });
}

function composite(lookup: Lookup, value: PlainInput, fields: Fields, path: string): Given {
  const [first] = fields;
  if (first === undefined) return null;
  if (fields.some((field) => field.name !== undefined)) return fieldsGiven(lookup, value, fields, path);
  if (fields.length === 1) return toGiven(lookup, value, first.type, path);
  return listOf(value, fields.length, path).map((one, index) => {
    const field = fields[index];
    return field === undefined
      ? refuse(path, 'is too long')
      : toGiven(lookup, one, field.type, `${path}[${index}]`);
  });
}

function compact(lookup: Lookup, value: PlainInput, type: TypeId, path: string): Given {
  const { def } = lookup.getSiType(type);
  if (def.isPrimitive) return primitive(def.asPrimitive.type, value, path);
  const only = def.isComposite ? fieldsIn(def.asComposite.fields)[0] : undefined;
  if (only === undefined) return null;
  const inner = only.name !== undefined && isRecord(value) ? value[only.name] : value;
  return compact(lookup, inner, only.type, path);
}

function primitive(kind: string, value: PlainInput, path: string): Given {
  if (kind === 'Bool') return typeof value === 'boolean' ? value : refuse(path, 'must be true or false');
  if (kind === 'Str') return typeof value === 'string' ? value : refuse(path, 'must be text');
  if (kind === 'Char') return integerOf(value, 32, false, path);
  return integerOf(value, Number(kind.slice(1)), kind.startsWith('I'), path);
}

/** An integer within its width. Text of decimal digits is taken too. */
function integerOf(value: PlainInput, bits: number, signed: boolean, path: string): bigint {
  let integer: bigint;
  if (typeof value === 'bigint') integer = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) integer = BigInt(value);
  else if (typeof value === 'string' && /^-?\d{1,80}$/.test(value)) integer = BigInt(value);
  else return refuse(path, 'must be a whole number');
  const fits = signed ? BigInt.asIntN(bits, integer) : BigInt.asUintN(bits, integer);
  return fits === integer ? integer : refuse(path, `does not fit into ${bits} bits`);
}

function bytesOf(value: PlainInput, path: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (isHex(value)) return fromHex(value);
  return refuse(path, 'must be bytes in hexadecimal (0x…)');
}

/** The public key of an account given as SS58, hex or bytes. @throws ERR_CHAIN_ARGUMENT */
function accountBytes(value: PlainInput, path: string): Uint8Array {
  if (typeof value === 'string' && isSs58(value)) return ss58Decode(value);
  if (typeof value === 'string' && !isHex(value)) refuse(path, 'must be an address (SS58)');
  const bytes = bytesOf(value, path);
  return bytes.length === 32 ? bytes : refuse(path, 'must be an address: 32 bytes');
}

function listOf(value: PlainInput, length: number | undefined, path: string): readonly PlainInput[] {
  if (!isList(value))
    return refuse(path, length === undefined ? 'must be a list' : `must be a list of ${length}`);
  if (length !== undefined && value.length !== length) refuse(path, `must be a list of ${length}`);
  return value;
}

function composedHex(value: PlainInput): string | undefined {
  if (!isRecord(value) || !('hex' in value) || !('human' in value)) return undefined;
  return typeof value.hex === 'string' ? value.hex : undefined;
}

function isList(value: PlainInput): value is readonly PlainInput[] {
  return Array.isArray(value);
}

function isRecord(value: PlainInput): value is { readonly [field: string]: PlainInput } {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Uint8Array);
}
