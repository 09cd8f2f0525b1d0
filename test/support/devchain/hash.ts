import { blake2b } from '@noble/hashes/blake2.js';
import { xxhashAsU8a } from '@polkadot/util-crypto';
import { concat } from './scale/bytes.ts';

export function blake2(bytes: Uint8Array, bits: 64 | 128 | 256 = 256): Uint8Array {
  return blake2b(bytes, { dkLen: bits / 8 });
}

export function twox(bytes: Uint8Array | string, bits: 64 | 128 | 256): Uint8Array {
  return xxhashAsU8a(bytes, bits);
}

/** The hashers of storage maps, in the metadata's numbering; `plain` bytes of the key follow the hash where they do. */
export const HASHERS: readonly {
  readonly length: number;
  readonly keepsKey: boolean;
  hash(key: Uint8Array): Uint8Array;
}[] = [
  { length: 16, keepsKey: false, hash: (key) => blake2(key, 128) },
  { length: 32, keepsKey: false, hash: (key) => blake2(key, 256) },
  { length: 16, keepsKey: true, hash: (key) => concat(blake2(key, 128), key) },
  { length: 16, keepsKey: false, hash: (key) => twox(key, 128) },
  { length: 32, keepsKey: false, hash: (key) => twox(key, 256) },
  { length: 8, keepsKey: true, hash: (key) => concat(twox(key, 64), key) },
  { length: 0, keepsKey: true, hash: (key) => key },
];
