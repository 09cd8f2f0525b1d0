import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import { Sv72Error } from '../errors/index.ts';

/** Network prefix of Bittensor (and of Substrate chains in general). */
const PREFIX = 42;
const CHECKSUM_BYTES = 2;

/** 35 bytes that start with 42 always become 48 base58 characters, the first of them a 5. */
const FORM = /^5[1-9A-HJ-NP-Za-km-z]{47}$/;

/**
 * The SS58 address of a public key, network prefix 42.
 * @param publicKey 32 bytes
 * @throws ERR_KEY_MATERIAL when it is not 32 bytes long
 */
export function ss58Encode(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) {
    throw new Sv72Error(
      'ERR_KEY_MATERIAL',
      `A public key has 32 bytes, this one has ${publicKey.length} bytes.`,
    );
  }
  const body = new Uint8Array(35);
  body[0] = PREFIX;
  body.set(publicKey, 1);
  body.set(checksum(body.subarray(0, 33)), 33);
  return base58.encode(body);
}

/**
 * The public key (32 bytes) of an SS58 address.
 * Only prefix 42 and the one canonical spelling are taken, so that two different strings never name one key.
 * @throws ERR_ADDRESS
 */
export function ss58Decode(address: string): Uint8Array {
  const publicKey = decode(address);
  if (publicKey === undefined) {
    throw new Sv72Error('ERR_ADDRESS', `${quoteForPeople(address)} is not a Bittensor address.`);
  }
  return publicKey;
}

/** Whether the text is a canonical SS58 address with prefix 42. */
export function isSs58(address: string): boolean {
  return decode(address) !== undefined;
}

function decode(address: string): Uint8Array | undefined {
  if (!FORM.test(address)) return undefined;
  let body: Uint8Array;
  try {
    body = base58.decode(address);
  } catch {
    return undefined;
  }
  if (body.length !== 35 || body[0] !== PREFIX) return undefined;
  const expected = checksum(body.subarray(0, 33));
  return body[33] === expected[0] && body[34] === expected[1] ? body.slice(1, 33) : undefined;
}

function checksum(body: Uint8Array): Uint8Array {
  return createHash('blake2b512').update('SS58PRE').update(body).digest().subarray(0, CHECKSUM_BYTES);
}

/**
 * What was given instead of an address may be a secret pasted by mistake: only something of an
 * address's shape is shown back.
 */
function quoteForPeople(text: string): string {
  return /^[1-9A-HJ-NP-Za-km-z]{40,50}$/.test(text) ? `"${text}"` : 'The given text';
}
