import { createPublicKey, type KeyObject, verify as verifyNative } from 'node:crypto';
import { Lru } from './lru.ts';
import {
  decodeVerifyingKey,
  prepareVerifying,
  prepareVerifyingKey,
  type VerifyingKey,
  verifyAnySr25519,
} from './sr25519-verify.ts';

/** DER of an Ed25519 public key, up to its 32 bytes. */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

interface ListedKey {
  readonly key: VerifyingKey;
  stake: bigint;
}

/** Signature checks by public key, with the work that depends on the key alone done once and kept, bounded. */
export class KeyCache {
  /** Callers known by name, each with its table of 25 kB from its first check on, be that good or bad. */
  readonly #listed = new Map<string, ListedKey>();
  readonly #mostListed: number;
  /** Other signers that proved themselves, with tables, too. */
  readonly #proved: Lru<string, VerifyingKey>;
  /** Decoded keys without a table; null for bytes that are no key. */
  readonly #decoded = new Lru<string, VerifyingKey | null>(1024);
  readonly #ed25519 = new Lru<string, KeyObject>(256);

  /** @param tables how many tables to keep: of callers known by name, and of others */
  constructor(tables: { readonly listed: number; readonly proved: number }) {
    this.#mostListed = tables.listed;
    this.#proved = new Lru(tables.proved);
    prepareVerifying();
  }

  /**
   * Whether the signature is the key's over one of the messages.
   * @param stake of a caller known by name; undefined for anybody else
   */
  verifySr25519(
    publicKey: Uint8Array,
    messages: readonly Uint8Array[],
    signature: Uint8Array,
    stake: bigint | undefined,
  ): boolean {
    const key = this.#callerKey(publicKey, stake);
    return key !== null && verifyAnySr25519(key, messages, signature);
  }

  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const name = hex(publicKey);
    let key = this.#ed25519.get(name);
    if (key === undefined) {
      key = createPublicKey({
        key: Buffer.concat([ED25519_PREFIX, publicKey]),
        format: 'der',
        type: 'spki',
      });
      this.#ed25519.set(name, key);
    }
    return verifyNative(null, message, key, signature);
  }

  hasTable(publicKey: Uint8Array): boolean {
    const name = hex(publicKey);
    return this.#listed.has(name) || this.#proved.has(name);
  }

  /** Builds the table of a signer that proved itself: 0.2 ms, once. */
  prepare(publicKey: Uint8Array): void {
    const key = this.#sr25519Key(publicKey);
    if (key === null) return;
    const proved = { ...key };
    prepareVerifyingKey(proved);
    this.#proved.set(hex(publicKey), proved);
  }

  /** Building a table takes hardly longer than refusing one bad signature without it, so the first check does it. */
  #callerKey(publicKey: Uint8Array, stake: bigint | undefined): VerifyingKey | null {
    const name = hex(publicKey);
    const listed = this.#listed.get(name);
    if (listed !== undefined) {
      listed.stake = stake ?? 0n;
      return listed.key;
    }
    const key = this.#sr25519Key(publicKey);
    if (key === null || key.table !== undefined || stake === undefined) return key;
    if (!this.#makeRoom(stake)) return key;
    const prepared = { ...key };
    prepareVerifyingKey(prepared);
    this.#listed.set(name, { key: prepared, stake });
    return prepared;
  }

  /** The caller with the least stake gives way to one with more; never to an equal, or two could take turns for ever. */
  #makeRoom(stake: bigint): boolean {
    if (this.#listed.size < this.#mostListed) return true;
    let least: string | undefined;
    let leastStake = stake;
    for (const [name, entry] of this.#listed) {
      if (entry.stake >= leastStake) continue;
      least = name;
      leastStake = entry.stake;
    }
    return least !== undefined && this.#listed.delete(least);
  }

  #sr25519Key(publicKey: Uint8Array): VerifyingKey | null {
    const name = hex(publicKey);
    const known = this.#proved.get(name) ?? this.#decoded.get(name);
    if (known !== undefined) return known;
    const key = decodeVerifyingKey(publicKey) ?? null;
    this.#decoded.set(name, key);
    return key;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
