import { inspect } from 'node:util';
import { Sv72Error } from '../errors/index.ts';
import { miniSecret } from './mnemonic.ts';
import { type CryptoType, SCHEMES } from './scheme.ts';
import { ss58Decode, ss58Encode } from './ss58.ts';

/** The secret parts of a key, as keyfiles store them. */
export interface KeySecrets {
  readonly privateKey: Uint8Array;
  /** 32 bytes; absent for keys made from a private key or a derivation path. */
  readonly seed?: Uint8Array;
  readonly mnemonic?: string;
}

/** Secrets live beside the keypairs, not in them: nothing that prints, logs or serialises an object can reach them. */
const secrets = new WeakMap<Keypair, KeySecrets>();

/** A key that can sign. Printing or serialising it shows its address, never its secrets. */
export class Keypair {
  readonly ss58: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly cryptoType: CryptoType;

  /** Use `keypairFromSeed` and its siblings. */
  constructor(cryptoType: CryptoType, given: KeySecrets) {
    this.cryptoType = cryptoType;
    this.publicKey = SCHEMES[cryptoType].publicKey(given.privateKey);
    this.ss58 = ss58Encode(this.publicKey);
    secrets.set(this, given);
  }

  /** Signature (64 bytes) over the message as it is; sr25519 uses the context "substrate". */
  sign(message: Uint8Array): Uint8Array {
    return SCHEMES[this.cryptoType].sign(secretsOf(this).privateKey, message);
  }

  /** Whether the signature over exactly this message is this key's. */
  verify(message: Uint8Array, signature: Uint8Array): boolean {
    return verifySignature({ ...this, message, signature });
  }

  toJSON(): { ss58: string; cryptoType: CryptoType } {
    return { ss58: this.ss58, cryptoType: this.cryptoType };
  }

  [inspect.custom](): string {
    return `Keypair(${this.ss58}, ${this.cryptoType})`;
  }
}

/** The secrets of a keypair, for writing its keyfile. Not exported from this folder. */
export function secretsOf(keypair: Keypair): KeySecrets {
  const found = secrets.get(keypair);
  if (found === undefined) throw new TypeError('not a keypair made by this module');
  return found;
}

/**
 * @param seed 32 bytes, the "mini secret"
 * @throws ERR_KEY_MATERIAL on another length
 */
export function keypairFromSeed(seed: Uint8Array, cryptoType: CryptoType = 'sr25519'): Keypair {
  requireBytes('seed', seed, 32);
  return fromSeed(Uint8Array.from(seed), cryptoType);
}

/**
 * @param privateKey sr25519: 64 bytes, schnorrkel's canonical form as keyfiles store it (not the form of
 *   polkadot-js); ed25519: the 32-byte seed
 * @throws ERR_KEY_MATERIAL on another length or a scalar that is not canonical
 */
export function keypairFromPrivateKey(privateKey: Uint8Array, cryptoType: CryptoType = 'sr25519'): Keypair {
  requireBytes('private key', privateKey, SCHEMES[cryptoType].privateKeyBytes);
  return new Keypair(cryptoType, { privateKey: Uint8Array.from(privateKey) });
}

/**
 * @param mnemonic 12, 15, 18, 21 or 24 English words
 * @throws ERR_MNEMONIC
 */
export function keypairFromMnemonic(mnemonic: string, cryptoType: CryptoType = 'sr25519'): Keypair {
  return fromSeed(miniSecret(mnemonic), cryptoType, mnemonic);
}

/**
 * Whether a signature is valid for a public key (32 bytes) or an SS58 address. Never throws for a bad signature.
 * @throws ERR_ADDRESS when an address is given that is not one
 */
export function verifySignature(options: {
  readonly publicKey?: Uint8Array;
  readonly ss58?: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly cryptoType?: CryptoType;
}): boolean {
  const publicKey = options.publicKey ?? ss58Decode(options.ss58 ?? '');
  if (publicKey.length !== 32 || options.signature.length !== 64) return false;
  try {
    return SCHEMES[options.cryptoType ?? 'sr25519'].verify(publicKey, options.message, options.signature);
  } catch {
    return false;
  }
}

function fromSeed(seed: Uint8Array, cryptoType: CryptoType, mnemonic?: string): Keypair {
  const privateKey = SCHEMES[cryptoType].privateKeyFromSeed(seed);
  return new Keypair(cryptoType, { privateKey, seed, ...(mnemonic === undefined ? {} : { mnemonic }) });
}

function requireBytes(what: string, value: Uint8Array, length: number): void {
  if (value.length === length) return;
  throw new Sv72Error(
    'ERR_KEY_MATERIAL',
    `A ${what} has ${length} bytes, this one has ${value.length} bytes.`,
  );
}
