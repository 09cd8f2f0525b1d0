import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { damaged, wrongPassword } from './failure.ts';

/** The salt of the very first wallets. */
const SALT = 'Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins';
const ROUNDS = 10_000_000;

/** version ‖ time[8] ‖ iv[16] ‖ at least one block ‖ HMAC[32] */
const LEAST_BYTES = 1 + 8 + 16 + 16 + 32;

/** A Fernet token (AES-128-CBC, HMAC-SHA256) under a key from ten million rounds of PBKDF2. */
export async function decryptFernet(file: Uint8Array, password: string): Promise<Uint8Array> {
  const text = Buffer.from(file).toString('latin1').trim();
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(text)) throw damaged();
  const token = Buffer.from(text, 'base64url');
  if (token.length < LEAST_BYTES || (token.length - LEAST_BYTES) % 16 !== 0 || token[0] !== 0x80)
    throw damaged();
  const key = await promisify(pbkdf2)(Buffer.from(password, 'utf8'), SALT, ROUNDS, 32, 'sha256');
  const signed = token.subarray(0, -32);
  const expected = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  if (!timingSafeEqual(expected, token.subarray(-32))) throw wrongPassword();
  const cipher = createDecipheriv('aes-128-cbc', key.subarray(16), token.subarray(9, 25));
  try {
    return Buffer.concat([cipher.update(signed.subarray(25)), cipher.final()]);
  } catch {
    throw damaged();
  }
}
