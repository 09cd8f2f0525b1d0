import { Sv72Error } from '../../errors/index.ts';
import { isSs58, ss58Decode, ss58Encode } from '../../wallet/index.ts';
import type { PlainInput } from '../types.ts';
import { fromHex, isHex, toHex } from './hex.ts';
import type { Codec } from './types.ts';
import type { Writer } from './writer.ts';

export function refuse(path: string, reason: string): never {
  throw new Sv72Error('ERR_CHAIN_ARGUMENT', `${path} ${reason}.`, { details: { argument: path } });
}

/** An integer within its width, as a bigint. Text of decimal digits is taken too. */
function integerOf(value: PlainInput, bits: number, signed: boolean, path: string): bigint {
  let integer: bigint;
  if (typeof value === 'bigint') integer = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) integer = BigInt(value);
  else if (typeof value === 'string' && /^-?\d{1,80}$/.test(value)) integer = BigInt(value);
  else return refuse(path, 'must be a whole number');
  const fits = signed ? BigInt.asIntN(bits, integer) : BigInt.asUintN(bits, integer);
  if (fits !== integer) refuse(path, `does not fit into ${bits} bits`);
  return integer;
}

export function integer(bytes: number, signed: boolean): Codec {
  const small = bytes === 1 || bytes === 2 || bytes === 4 ? bytes : undefined;
  return {
    least: bytes,
    read: (reader) => (small ? reader.small(small, signed) : reader.wide(bytes, signed)),
    write: (writer, value, path) => writer.integer(integerOf(value, bytes * 8, signed, path), bytes),
  };
}

/** Compact<uN>; as plain as uN is. */
export function compact(bytes: number): Codec {
  return {
    least: 1,
    read: (reader) => {
      const value = reader.compact();
      return bytes <= 4 ? Number(value) : value;
    },
    write: (writer, value, path) => writer.compact(integerOf(value, bytes * 8, false, path)),
  };
}

export const boolean: Codec = {
  least: 1,
  read: (reader) => {
    const byte = reader.u8();
    if (byte > 1) throw new RangeError(`${byte} is neither yes nor no`);
    return byte === 1;
  },
  write: (writer, value, path) => {
    if (typeof value !== 'boolean') refuse(path, 'must be true or false');
    writer.u8(value ? 1 : 0);
  },
};

export const text: Codec = {
  least: 1,
  read: (reader) => Buffer.from(reader.take(reader.length(1))).toString('utf8'),
  write: (writer, value, path) => {
    if (typeof value !== 'string') refuse(path, 'must be text');
    const bytes = new TextEncoder().encode(value);
    writer.compact(BigInt(bytes.length));
    writer.raw(bytes);
  },
};

function bytesOf(value: PlainInput, path: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (isHex(value)) return fromHex(value);
  return refuse(path, 'must be bytes in hexadecimal (0x…)');
}

/** [u8; length] */
export function fixedBytes(length: number): Codec {
  return {
    least: length,
    read: (reader) => toHex(reader.take(length)),
    write: (writer, value, path) => {
      const bytes = bytesOf(value, path);
      if (bytes.length !== length) refuse(path, `must have ${length} bytes and has ${bytes.length}`);
      writer.raw(bytes);
    },
  };
}

/** Vec<u8> */
export const byteList: Codec = {
  least: 1,
  read: (reader) => toHex(reader.take(reader.length(1))),
  write: (writer, value, path) => {
    const bytes = bytesOf(value, path);
    writer.compact(BigInt(bytes.length));
    writer.raw(bytes);
  },
};

/** AccountId32 */
export const account: Codec = {
  least: 32,
  read: (reader) => ss58Encode(reader.take(32)),
  write: (writer, value, path) => writer.raw(accountBytes(value, path)),
};

/** The public key of an account given as SS58, hex or bytes. @throws ERR_CHAIN_ARGUMENT */
export function accountBytes(value: PlainInput, path: string): Uint8Array {
  if (typeof value === 'string' && isSs58(value)) return ss58Decode(value);
  if (typeof value === 'string' && !isHex(value)) refuse(path, 'must be an address (SS58)');
  const bytes = bytesOf(value, path);
  return bytes.length === 32 ? bytes : refuse(path, 'must be an address: 32 bytes');
}

/** BitVec<u8, Lsb0> and its relatives, as a list of booleans; `bytes` is the width of the store. */
export function bits(bytes: number, mostSignificantFirst: boolean): Codec {
  const position = (index: number) => {
    const within = index % (bytes * 8);
    return mostSignificantFirst ? bytes * 8 - 1 - within : within;
  };
  return {
    least: 1,
    read: (reader) => {
      const count = Number(reader.compact());
      const words = Math.ceil(count / (bytes * 8));
      if (words * bytes > reader.left) throw new RangeError('bits beyond the end');
      const store = Array.from({ length: words }, () => reader.wide(bytes, false));
      return Array.from({ length: count }, (_, index) => {
        const word = store[Math.floor(index / (bytes * 8))] ?? 0n;
        return ((word >> BigInt(position(index))) & 1n) === 1n;
      });
    },
    write: (writer: Writer, value, path) => {
      if (!Array.isArray(value)) refuse(path, 'must be a list of true and false');
      const store: bigint[] = Array.from({ length: Math.ceil(value.length / (bytes * 8)) }, () => 0n);
      value.forEach((bit, index) => {
        const word = Math.floor(index / (bytes * 8));
        if (bit === true) store[word] = (store[word] ?? 0n) | (1n << BigInt(position(index)));
      });
      writer.compact(BigInt(value.length));
      for (const word of store) writer.integer(word, bytes);
    },
  };
}
