import {
  Blake2128,
  Blake2128Concat,
  Blake2256,
  Twox64Concat,
  Twox128,
  Twox256,
} from '@polkadot-api/substrate-bindings';
import type { Metadata } from './types.ts';

type Item = NonNullable<Metadata['pallets'][number]['storage']>['items'][number];
export type Hasher = Extract<Item['type'], { tag: 'map' }>['value']['hashers'][number]['tag'];

const HASHERS: Readonly<Record<Hasher, (bytes: Uint8Array) => Uint8Array>> = {
  Blake2128,
  Blake2256,
  Blake2128Concat,
  Twox128,
  Twox256,
  Twox64Concat,
  Identity: (bytes) => bytes,
};

/** Bytes that a hasher puts before the key, which it keeps; undefined where the key is lost in the hash. */
const KEPT_AFTER: Readonly<Partial<Record<Hasher, number>>> = {
  Blake2128Concat: 16,
  Twox64Concat: 8,
  Identity: 0,
};

/** Bytes of the hashers that lose the key. */
const LOST: Readonly<Partial<Record<Hasher, number>>> = {
  Blake2128: 16,
  Blake2256: 32,
  Twox128: 16,
  Twox256: 32,
};

/** First 32 bytes of every key of a storage item. */
export function storagePrefix(pallet: string, item: string): Uint8Array {
  const part = (name: string) => Twox128(new TextEncoder().encode(name));
  return new Uint8Array(Buffer.concat([part(pallet), part(item)]));
}

export function hashKey(hasher: Hasher, key: Uint8Array): Uint8Array {
  return HASHERS[hasher](key);
}

/** How many bytes to skip to the key itself, or over a key that cannot be read back. */
export function keyPlace(hasher: Hasher): { readonly skip: number; readonly kept: boolean } {
  const kept = KEPT_AFTER[hasher];
  return kept === undefined ? { skip: LOST[hasher] ?? 0, kept: false } : { skip: kept, kept: true };
}
