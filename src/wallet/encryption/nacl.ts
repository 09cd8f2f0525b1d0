import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { salsa } from '../lazy.ts';
import { damaged, noDerivation, wrongPassword } from './failure.ts';

const PREFIX = Buffer.from('$NACL');
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** Every btwallet uses this one salt. */
const SALT = Buffer.from('137183dff15a09bc9c90b5518739e9b1', 'hex');

/** "Sensitive" limits of libsodium for Argon2**i** (those of Argon2id are others): 8 passes over 512 MiB. */
const LIMITS = { passes: 8, memory: 512 * 1024, parallelism: 1, tagLength: 32 };

/** $NACL ‖ nonce[24] ‖ XSalsa20-Poly1305 secretbox (tag[16] ‖ ciphertext). */
export async function encryptNacl(
  plain: Uint8Array,
  password: string,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Promise<Uint8Array> {
  const box = salsa()
    .xsalsa20poly1305(await deriveKey(password), Uint8Array.from(nonce))
    .encrypt(Uint8Array.from(plain));
  return Buffer.concat([PREFIX, nonce, box]);
}

export async function decryptNacl(file: Uint8Array, password: string): Promise<Uint8Array> {
  const body = file.subarray(PREFIX.length);
  if (body.length < NONCE_BYTES + TAG_BYTES) throw damaged();
  const key = await deriveKey(password);
  try {
    return salsa()
      .xsalsa20poly1305(key, Uint8Array.from(body.subarray(0, NONCE_BYTES)))
      .decrypt(Uint8Array.from(body.subarray(NONCE_BYTES)));
  } catch {
    throw wrongPassword();
  }
}

async function deriveKey(password: string): Promise<Uint8Array> {
  try {
    const key = await promisify(argon2)('argon2i', {
      message: Buffer.from(password, 'utf8'),
      nonce: SALT,
      ...LIMITS,
    });
    return Uint8Array.from(key);
  } catch (cause) {
    throw noDerivation(cause);
  }
}
