import {
  createPrivateKey,
  createPublicKey,
  verify as nodeVerify,
  randomBytes,
  sign as signNode,
} from 'node:crypto';
import { Sv72Error } from '../errors/index.ts';
import { sr25519 as curve } from './lazy.ts';

/** sr25519 is what neurons use; ed25519 coldkeys and hotkeys exist in wallets of newer tools. */
export type CryptoType = 'sr25519' | 'ed25519';

/** What a signature scheme must be able to do. Secrets are in the form keyfiles store as `privateKey`. */
interface Scheme {
  /** Length of `privateKey` in bytes. */
  readonly privateKeyBytes: number;
  privateKeyFromSeed(seed: Uint8Array): Uint8Array;
  publicKey(privateKey: Uint8Array): Uint8Array;
  sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Order of the ristretto255 group (RFC 9496). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * sr25519 with schnorrkel's canonical secret: scalar (little endian) ‖ nonce, 64 bytes.
 * The curve library wants the scalar times eight, the form polkadot-js stores.
 */
const sr25519: Scheme = {
  privateKeyBytes: 64,
  privateKeyFromSeed: (seed) => divideScalar(curve().secretFromSeed(seed)),
  publicKey: (key) => curve().getPublicKey(multiplyScalar(key)),
  sign: (key, message) => curve().sign(multiplyScalar(key), message, randomBytes(32)),
  verify: (publicKey, message, signature) => curve().verify(message, signature, publicKey),
};

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** ed25519 (RFC 8032); the secret is the 32-byte seed. */
const ed25519: Scheme = {
  privateKeyBytes: 32,
  privateKeyFromSeed: (seed) => Uint8Array.from(seed),
  publicKey: (key) =>
    new Uint8Array(
      createPublicKey(ed25519Key(key)).export({ type: 'spki', format: 'der' }).subarray(SPKI_ED25519.length),
    ),
  sign: (key, message) => new Uint8Array(signNode(null, message, ed25519Key(key))),
  verify: (publicKey, message, signature) =>
    nodeVerify(
      null,
      message,
      createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
};

export const SCHEMES: Readonly<Record<CryptoType, Scheme>> = { sr25519, ed25519 };

function ed25519Key(seed: Uint8Array) {
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}

/**
 * From schnorrkel's canonical secret to the form polkadot-js and the curve library use (scalar × 8).
 * @throws ERR_KEY_MATERIAL when the scalar is zero or not below the group order
 */
export function multiplyScalar(canonical: Uint8Array): Uint8Array {
  const scalar = readScalar(canonical);
  if (scalar === 0n || scalar >= ORDER) {
    throw new Sv72Error(
      'ERR_KEY_MATERIAL',
      'The private key is not in the canonical form that Bittensor wallets store.',
      { next: 'A key exported by polkadot-js has another form: import its JSON file instead.' },
    );
  }
  return writeScalar(canonical, scalar << 3n);
}

/** The reverse of `multiplyScalar`: polkadot-js form to canonical form. */
export function divideScalar(secret: Uint8Array): Uint8Array {
  return writeScalar(secret, readScalar(secret) >> 3n);
}

function readScalar(secret: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(secret.subarray(0, 32)).reverse().toString('hex')}`);
}

function writeScalar(secret: Uint8Array, scalar: bigint): Uint8Array {
  const result = Uint8Array.from(secret);
  result.set(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse());
  return result;
}
