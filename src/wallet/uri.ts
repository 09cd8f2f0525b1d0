import { Sv72Error } from '../errors/index.ts';
import { type Keypair, keypairFromPrivateKey, keypairFromSeed } from './keypair.ts';
import { blake2, sr25519 } from './lazy.ts';
import { miniSecret } from './mnemonic.ts';
import { type CryptoType, divideScalar, multiplyScalar, SCHEMES } from './scheme.ts';

/** The public phrase behind //Alice and friends. Keys from it are for tests only. */
const DEV_PHRASE = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';

/**
 * A keypair from a Substrate secret URI: `phrase-or-0xseed//hard/soft///password`; an empty phrase means the
 * public development phrase, so `//Alice` works.
 * @throws ERR_KEY_MATERIAL, ERR_MNEMONIC
 */
export function keypairFromUri(uri: string, cryptoType: CryptoType = 'sr25519'): Keypair {
  const [, phrase = '', path = '', , password = ''] =
    /^([^/]*)((?:\/\/?[^/]+)*)(\/\/\/(.*))?$/s.exec(uri) ??
    wrong('The key URI is not of the form phrase//hard/soft.');
  const seed = /^0x[0-9a-f]{64}$/i.test(phrase)
    ? new Uint8Array(Buffer.from(phrase.slice(2), 'hex'))
    : miniSecret(phrase === '' ? DEV_PHRASE : phrase, password);
  const junctions = [...path.matchAll(/\/(\/?)([^/]+)/g)].map(([, hard, code = '']) => ({
    hard: hard === '/',
    chainCode: chainCode(code),
  }));
  if (junctions.length === 0) return keypairFromSeed(seed, cryptoType);
  return cryptoType === 'sr25519' ? deriveSr25519(seed, junctions) : deriveEd25519(seed, junctions);
}

interface Junction {
  readonly hard: boolean;
  readonly chainCode: Uint8Array;
}

function deriveSr25519(seed: Uint8Array, junctions: readonly Junction[]): Keypair {
  let secret = multiplyScalar(SCHEMES.sr25519.privateKeyFromSeed(seed));
  for (const { hard, chainCode } of junctions) {
    const { HDKD } = sr25519();
    secret = hard ? HDKD.secretHard(secret, chainCode) : HDKD.secretSoft(secret, chainCode);
  }
  return keypairFromPrivateKey(divideScalar(secret), 'sr25519');
}

/** sp-core: seed = blake2b-256(SCALE("Ed25519HDKD") ‖ seed ‖ chain code); there is no soft derivation. */
function deriveEd25519(seed: Uint8Array, junctions: readonly Junction[]): Keypair {
  let secret = seed;
  for (const { hard, chainCode } of junctions) {
    if (!hard) return wrong('An ed25519 key has hard junctions (//) only.');
    secret = blake2().blake2b(Buffer.concat([scaleString('Ed25519HDKD'), secret, chainCode]), { dkLen: 32 });
  }
  return keypairFromPrivateKey(secret, 'ed25519');
}

/** sp-core: a decimal u64 is encoded as such, anything else as a SCALE string; more than 32 bytes are hashed. */
function chainCode(code: string): Uint8Array {
  const encoded = isU64(code) ? u64(BigInt(code.replace('+', ''))) : scaleString(code);
  if (encoded.length > 32) return blake2().blake2b(encoded, { dkLen: 32 });
  const padded = new Uint8Array(32);
  padded.set(encoded);
  return padded;
}

function isU64(code: string): boolean {
  return /^\+?\d+$/.test(code) && BigInt(code.replace('+', '')) < 2n ** 64n;
}

function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** SCALE: compact length, then the UTF-8 bytes. */
function scaleString(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < 64) return Buffer.concat([Buffer.of(bytes.length << 2), bytes]);
  if (bytes.length >= 2 ** 14) return wrong('A junction of the key URI is too long.');
  const length = Buffer.alloc(2);
  length.writeUInt16LE((bytes.length << 2) | 1);
  return Buffer.concat([length, bytes]);
}

function wrong(message: string): never {
  throw new Sv72Error('ERR_KEY_MATERIAL', message);
}
