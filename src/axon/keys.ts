import { createPublicKey, type KeyObject, verify as verifyNative } from 'node:crypto';
import { Lru } from './lru.ts';
import {
  decodeVerifyingKey,
  prepareVerifying,
  prepareVerifyingKey,
  type VerifyingKey,
  verifySr25519,
} from './sr25519-verify.ts';

/** DER of an Ed25519 public key, up to its 32 bytes. */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Signature checks by public key, with the work that depends on the key alone done once and kept, bounded. */
export class KeyCache {
  /** Signers that proved themselves, each with its table of about 0.2 MB. */
  readonly #proved: Lru<string, VerifyingKey>;
  /** Decoded keys without a table; null for bytes that are no key. */
  readonly #decoded = new Lru<string, VerifyingKey | null>(1024);
  readonly #ed25519 = new Lru<string, KeyObject>(256);

  constructor(tables: number) {
    this.#proved = new Lru(tables);
    prepareVerifying();
  }

  verifySr25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#sr25519Key(publicKey);
    return key !== null && verifySr25519(key, message, signature);
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
    return this.#proved.has(hex(publicKey));
  }

  /** Builds the table of a signer that proved itself: some 10 ms, once. */
  prepare(publicKey: Uint8Array): void {
    const key = this.#sr25519Key(publicKey);
    if (key === null) return;
    const proved = { ...key };
    prepareVerifyingKey(proved);
    this.#proved.set(hex(publicKey), proved);
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
