import { Sv72Error } from '../errors/index.ts';
import {
  type Keypair,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
  secretsOf,
} from './keypair.ts';
import type { CryptoType } from './scheme.ts';
import { isSs58, ss58Decode, ss58Encode } from './ss58.ts';

/** A form that some readers cannot read or that is no longer written. */
export type KeyfileQuirk =
  /** `cryptoType` as a number for sr25519: bittensor-wallet ≤4.0.1 reads nothing of such a file. */
  | 'numeric-crypto-type'
  /** The seed's bytes written as text: btwallet ≤4.1.1 writes it, and no tool reads it back. */
  | 'text-seed'
  /** No address or public key beside the secret. */
  | 'no-address';

/** The public part of a key, as it stands in a file. */
export interface PublicKey {
  readonly ss58: string;
  readonly publicKey: Uint8Array;
  readonly cryptoType: CryptoType;
}

/** What a keyfile says, without any computing with keys. */
export interface StoredKey {
  /** Whether it has a secret. */
  readonly isPrivate: boolean;
  /** As the file states it; absent in a private file without address. */
  readonly stated?: PublicKey;
  readonly quirks: readonly KeyfileQuirk[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Nothing that is a keyfile is larger; anything larger is not read. */
export const MAX_KEYFILE_BYTES = 64 * 1024;

/**
 * Reads a plain keyfile (private or public) as any generation of btwallet writes it.
 * @throws ERR_KEYFILE, without a word of what the file contains
 */
export function parseKeyfile(bytes: Uint8Array): StoredKey {
  const fields = parseObject(bytes);
  const isPrivate = ['secretPhrase', 'secretSeed', 'privateKey'].some(
    (name) => text(fields, name) !== undefined,
  );
  const cryptoType = readCryptoType(fields.cryptoType);
  const publicKey = readHex(fields, 'publicKey') ?? readHex(fields, 'accountId');
  const address = text(fields, 'ss58Address');
  if (address !== undefined && !isSs58(address)) throw bad('its ss58Address is not a Bittensor address');
  const key = address === undefined ? publicKey : ss58Decode(address);
  if (key === undefined && !isPrivate) throw bad('it has no key');
  if (key && publicKey && !same(key, publicKey)) throw mismatch('its ss58Address and its publicKey differ');
  return {
    isPrivate,
    ...(key && { stated: { ss58: ss58Encode(key), publicKey: key, cryptoType: cryptoType ?? 'sr25519' } }),
    quirks: [
      ...(typeof fields.cryptoType === 'number' && cryptoType === 'sr25519'
        ? ['numeric-crypto-type' as const]
        : []),
      ...(isTextSeed(text(fields, 'secretSeed')) ? ['text-seed' as const] : []),
      ...(key === undefined ? ['no-address' as const] : []),
    ],
    fields,
  };
}

/**
 * The keypair of a private keyfile. The first of phrase, seed and private key that can be read decides, as in
 * btwallet; its address must be the one that the file states, under the stated scheme or the other one
 * (a file of an ed25519 key written by an older tool carries no or a wrong cryptoType).
 * @throws ERR_KEYFILE, ERR_KEY_MISMATCH
 */
export function keypairOf(stored: StoredKey): Keypair {
  const { fields, stated } = stored;
  const declared = stated?.cryptoType ?? readCryptoType(fields.cryptoType) ?? 'sr25519';
  const schemes: CryptoType[] =
    stated === undefined ? [declared] : [declared, declared === 'sr25519' ? 'ed25519' : 'sr25519'];
  let readable = false;
  for (const make of secretReaders(fields)) {
    for (const scheme of schemes) {
      const keypair = attempt(() => make(scheme));
      if (keypair === undefined) continue;
      readable = true;
      if (stated === undefined || keypair.ss58 === stated.ss58) return keypair;
    }
    if (readable) break;
  }
  if (readable) throw mismatch('its secret is that of another address than the one it states');
  throw bad(stored.isPrivate ? 'its secret cannot be read' : 'it has no secret, only a public key');
}

/** The fields that hold a secret, in the order of precedence. */
function* secretReaders(fields: StoredKey['fields']): Generator<(scheme: CryptoType) => Keypair> {
  const phrase = text(fields, 'secretPhrase');
  if (phrase !== undefined) yield (scheme) => keypairFromMnemonic(phrase, scheme);
  const seed = text(fields, 'secretSeed');
  if (seed !== undefined) yield (scheme) => keypairFromSeed(readSeed(seed), scheme);
  const privateKey = text(fields, 'privateKey');
  if (privateKey !== undefined) yield (scheme) => keypairFromPrivateKey(hexBytes(privateKey), scheme);
}

/**
 * The private keyfile of a keypair, in the one form that every tool reads: compact, strings only,
 * no trailing newline. cryptoType is written for ed25519 alone, which old tools cannot use anyway.
 */
export function privateKeyfile(keypair: Keypair): Uint8Array {
  const { privateKey, seed, mnemonic } = secretsOf(keypair);
  const { accountId, publicKey, ss58Address, ...scheme } = publicFields(keypair);
  return Buffer.from(
    JSON.stringify({
      accountId,
      publicKey,
      privateKey: hex(privateKey),
      ...(mnemonic !== undefined && { secretPhrase: mnemonic }),
      ...(seed !== undefined && { secretSeed: hex(seed) }),
      ss58Address,
      ...scheme,
    }),
  );
}

/** The public keyfile of a key: exactly accountId, publicKey and ss58Address (and cryptoType for ed25519). */
export function publicKeyfile(key: PublicKey): Uint8Array {
  return Buffer.from(JSON.stringify(publicFields(key)));
}

function publicFields(key: PublicKey) {
  const publicKey = hex(key.publicKey);
  return {
    accountId: publicKey,
    publicKey,
    ss58Address: key.ss58,
    ...(key.cryptoType === 'ed25519' && { cryptoType: 0 }),
  };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > MAX_KEYFILE_BYTES) throw bad('it is too large');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw bad('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('it is not a JSON object');
  return Object.fromEntries(Object.entries(value));
}

/** The text of a field; null, a missing field and an empty text are the same. */
function text(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw bad(`its ${name} is not text`);
  return value;
}

function readHex(fields: Readonly<Record<string, unknown>>, name: string): Uint8Array | undefined {
  const value = text(fields, name);
  if (value === undefined) return undefined;
  if (!/^(0x)?[0-9a-f]{64}$/i.test(value)) throw bad(`its ${name} is not a public key`);
  return hexBytes(value);
}

function readCryptoType(value: unknown): CryptoType | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const name = String(value).toLowerCase();
  if (name === '1' || name === 'sr25519') return 'sr25519';
  if (name === '0' || name === 'ed25519') return 'ed25519';
  throw bad('its cryptoType is unknown');
}

/** @throws when it is neither hexadecimal nor 32 bytes of text */
function readSeed(seed: string): Uint8Array {
  return isTextSeed(seed) ? new Uint8Array(Buffer.from(seed.slice(2), 'utf8')) : hexBytes(seed);
}

function isTextSeed(seed: string | undefined): boolean {
  if (seed === undefined || !seed.startsWith('0x') || /^0x[0-9a-f]{64}$/i.test(seed)) return false;
  return Buffer.byteLength(seed.slice(2), 'utf8') === 32;
}

/** @throws when it is not hexadecimal; the length is for the reader of the bytes to check */
export function hexBytes(value: string): Uint8Array {
  const digits = value.replace(/^0x/i, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    throw new Sv72Error('ERR_KEY_MATERIAL', 'The value is not a row of hexadecimal digits.');
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const bad = (reason: string) => new Sv72Error('ERR_KEYFILE', `The keyfile cannot be used: ${reason}.`);
const mismatch = (reason: string) =>
  new Sv72Error('ERR_KEY_MISMATCH', `The keyfile cannot be used: ${reason}.`);
