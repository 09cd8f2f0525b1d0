import type { Plain, PlainInput } from '../types.ts';
import { refuse } from './primitives.ts';
import type { Reader } from './reader.ts';
import type { Codec } from './types.ts';
import type { Writer } from './writer.ts';

/** Made when first used: types may contain themselves. */
export type Lazy = () => Codec;

export interface NamedCodec {
  readonly name: string | undefined;
  readonly codec: Lazy;
}

export interface VariantCodec {
  readonly name: string;
  readonly index: number;
  readonly fields: readonly NamedCodec[];
}

type Record = { readonly [field: string]: PlainInput };

function isRecord(value: PlainInput): value is Record {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function isList(value: PlainInput): value is readonly PlainInput[] {
  return Array.isArray(value);
}

function readFields(reader: Reader, fields: readonly NamedCodec[]): Plain {
  if (fields.length === 0) return undefined;
  if (fields.every(({ name }) => name === undefined)) {
    const values = fields.map(({ codec }) => codec().read(reader));
    return values.length === 1 ? values[0] : values;
  }
  return Object.fromEntries(
    fields.map(({ name, codec }, index) => [name ?? String(index), codec().read(reader)]),
  );
}

function writeFields(writer: Writer, fields: readonly NamedCodec[], value: PlainInput, path: string): void {
  const [only] = fields;
  if (only === undefined) return;
  if (fields.every(({ name }) => name === undefined)) {
    if (fields.length === 1) only.codec().write(writer, value, path);
    else
      writeList(
        writer,
        fields.map(({ codec }) => codec),
        value,
        path,
      );
    return;
  }
  if (!isRecord(value)) refuse(path, `must be an object with ${fields.map((f) => f.name).join(', ')}`);
  const known = new Set(fields.map(({ name }, index) => name ?? String(index)));
  const stray = Object.keys(value).find((name) => !known.has(name));
  if (stray !== undefined) refuse(`${path}.${stray}`, 'is nothing that this chain knows');
  fields.forEach(({ name, codec }, index) => {
    const key = name ?? String(index);
    codec().write(writer, value[key], `${path}.${key}`);
  });
}

/** One value for each codec. */
function writeList(writer: Writer, codecs: readonly Lazy[], value: PlainInput, path: string): void {
  if (!isList(value) || value.length !== codecs.length) refuse(path, `must be a list of ${codecs.length}`);
  for (const [index, codec] of codecs.entries()) codec().write(writer, value[index], `${path}[${index}]`);
}

/** A struct. */
export function composite(fields: readonly NamedCodec[]): Codec {
  return {
    least: 0,
    read: (reader) => readFields(reader, fields),
    write: (writer, value, path) => writeFields(writer, fields, value, path),
  };
}

export function tuple(parts: readonly Lazy[]): Codec {
  return composite(parts.map((codec) => ({ name: undefined, codec })));
}

export function option(inner: Lazy): Codec {
  return {
    least: 1,
    read: (reader) => {
      const byte = reader.u8();
      if (byte > 1) throw new RangeError(`${byte} opens no Option`);
      return byte === 1 ? inner().read(reader) : undefined;
    },
    write: (writer, value, path) => {
      writer.u8(value === undefined ? 0 : 1);
      if (value !== undefined) inner().write(writer, value, path);
    },
  };
}

/** An enum but Option. */
export function variant(variants: readonly VariantCodec[]): Codec {
  const byIndex = new Map(variants.map((one) => [one.index, one]));
  const byName = new Map(variants.map((one) => [one.name, one]));
  return {
    least: 1,
    read: (reader) => {
      const index = reader.u8();
      const found = byIndex.get(index);
      if (!found) throw new RangeError(`there is no variant ${index}`);
      return { type: found.name, value: readFields(reader, found.fields) };
    },
    write: (writer, value, path) => {
      const name = typeof value === 'string' ? value : isRecord(value) ? value.type : undefined;
      const found = typeof name === 'string' ? byName.get(name) : undefined;
      if (!found) {
        const names = variants.slice(0, 12).map((one) => one.name);
        refuse(path, `must be one of ${names.join(', ')}${variants.length > 12 ? ', …' : ''}`);
      }
      writer.u8(found.index);
      writeFields(writer, found.fields, isRecord(value) ? value.value : undefined, `${path}.${found.name}`);
    },
  };
}

export function list(inner: Lazy): Codec {
  return {
    least: 1,
    read: (reader) => {
      const codec = inner();
      return Array.from({ length: reader.length(codec.least) }, () => codec.read(reader));
    },
    write: (writer, value, path) => {
      if (!isList(value)) refuse(path, 'must be a list');
      writer.compact(BigInt(value.length));
      writeList(
        writer,
        value.map(() => inner),
        value,
        path,
      );
    },
  };
}

export function array(inner: Lazy, length: number): Codec {
  return {
    least: 0,
    read: (reader) => Array.from({ length }, () => inner().read(reader)),
    write: (writer, value, path) => {
      writeList(
        writer,
        Array.from({ length }, () => inner),
        value,
        path,
      );
    },
  };
}
