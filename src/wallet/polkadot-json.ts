import { scrypt } from 'node:crypto';
import { Sv72Error } from '../errors/index.ts';
import { type Keypair, keypairFromPrivateKey } from './keypair.ts';
import { salsa } from './lazy.ts';
import { type CryptoType, divideScalar } from './scheme.ts';
import { isSs58 } from './ss58.ts';

/** PKCS#8 as polkadot-js frames it: header, secret[64], divider, public key[32]. */
const HEADER = Buffer.from('3053020101300506032b657004220420', 'hex');
const DIVIDER = Buffer.from('a123032100', 'hex');
const PKCS8_BYTES = HEADER.length + 64 + DIVIDER.length + 32;

/** The most work a file may ask for: twice polkadot-js's largest preset in memory. */
const MAX_SCRYPT_BYTES = 512 * 1024 * 1024;

/**
 * The account of a JSON file exported by polkadot-js (version 3), as a keypair without mnemonic and seed.
 * @param json text of the file
 * @throws ERR_KEY_IMPORT, ERR_PASSWORD
 */
export async function keypairFromPolkadotJson(json: string, password: string): Promise<Keypair> {
  const { encoded, cryptoType, encryption, address } = parse(json);
  const pkcs8 = await decode(encoded, encryption, password);
  if (
    pkcs8.length !== PKCS8_BYTES ||
    !pkcs8.subarray(0, HEADER.length).equals(HEADER) ||
    !pkcs8.subarray(HEADER.length + 64, -32).equals(DIVIDER)
  ) {
    throw bad('the key inside has another form than version 3');
  }
  const secret = pkcs8.subarray(HEADER.length, HEADER.length + 64);
  const keypair = fromSecret(secret, cryptoType);
  if (!pkcs8.subarray(-32).equals(keypair.publicKey))
    throw bad('its public key does not belong to its secret');
  if (isSs58(address) && address !== keypair.ss58) throw bad('its address does not belong to its secret');
  return keypair;
}

function fromSecret(secret: Buffer, cryptoType: CryptoType): Keypair {
  try {
    return keypairFromPrivateKey(
      cryptoType === 'sr25519' ? divideScalar(secret) : secret.subarray(0, 32),
      cryptoType,
    );
  } catch {
    throw bad('its secret is not a valid key');
  }
}

interface Exported {
  readonly encoded: Buffer;
  readonly cryptoType: CryptoType;
  readonly encryption: 'none' | 'padded' | 'scrypt';
  readonly address: string;
}

function parse(json: string): Exported {
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch {
    throw bad('it is not JSON');
  }
  const encoded = at(file, 'encoded');
  const encoding = at(file, 'encoding');
  const content = words(at(encoding, 'content'));
  const type = words(at(encoding, 'type'));
  const address = at(file, 'address');
  if (typeof encoded !== 'string' || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(encoded)) {
    throw bad('it has no encoded account');
  }
  if (String(at(encoding, 'version')) !== '3') throw bad('only version 3 of the format is known');
  const cryptoType = (['sr25519', 'ed25519'] as const).find((name) => content.includes(name));
  if (cryptoType === undefined) throw bad('its key is neither sr25519 nor ed25519');
  const encryption = type.includes('none') ? 'none' : type.includes('scrypt') ? 'scrypt' : 'padded';
  if (encryption !== 'none' && !type.includes('xsalsa20-poly1305')) throw bad('its encryption is unknown');
  return {
    encoded: Buffer.from(encoded, 'base64'),
    cryptoType,
    encryption,
    address: typeof address === 'string' ? address : '',
  };
}

async function decode(
  encoded: Buffer,
  encryption: Exported['encryption'],
  password: string,
): Promise<Buffer> {
  if (encryption === 'none') return encoded;
  const box = encryption === 'scrypt' ? encoded.subarray(44) : encoded;
  if (box.length < 24 + 16) throw bad('it is incomplete');
  const key =
    encryption === 'scrypt' ? await scryptKey(encoded.subarray(0, 44), password) : paddedKey(password);
  try {
    const plain = salsa()
      .xsalsa20poly1305(Uint8Array.from(key), Uint8Array.from(box.subarray(0, 24)))
      .decrypt(Uint8Array.from(box.subarray(24)));
    return Buffer.from(plain);
  } catch {
    throw new Sv72Error('ERR_PASSWORD', 'The password does not open the JSON file.');
  }
}

/** salt[32] ‖ N ‖ p ‖ r, each u32 little endian. */
function scryptKey(head: Buffer, password: string): Promise<Buffer> {
  const [N, p, r] = [32, 36, 40].map((offset) => head.readUInt32LE(offset)) as [number, number, number];
  const memory = 128 * N * r;
  if (N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1 || p > 16 || memory > MAX_SCRYPT_BYTES) {
    throw bad('it asks for an unreasonable key derivation');
  }
  const options = { N, p, r, maxmem: memory * 2 + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(Buffer.from(password, 'utf8'), head.subarray(0, 32), 32, options, (error, key) =>
      error ? reject(bad('its key derivation cannot be computed here')) : resolve(key),
    );
  });
}

function paddedKey(password: string): Buffer {
  const key = Buffer.alloc(32);
  Buffer.from(password, 'utf8').copy(key);
  return key;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

function words(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

const bad = (reason: string) =>
  new Sv72Error('ERR_KEY_IMPORT', `The JSON file cannot be imported: ${reason}.`);
