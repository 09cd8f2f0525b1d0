import { Flags } from '@oclif/core';
import { Sv72Error } from '../errors/index.ts';
import { withEnv } from '../ui/index.ts';
import { hexBytes, type PublicKey, ss58Decode, ss58Encode } from '../wallet/index.ts';
import { cryptoTypeOf } from './flags.ts';

/** A key by its public side. */
export const publicKeyFlags = withEnv({
  ss58: Flags.string({ aliases: ['ss58-address', 'ss58_address'], summary: 'address of the key' }),
  'public-key-hex': Flags.string({
    aliases: ['public_key_hex', 'public-key', 'public_key'],
    summary: 'public key, 64 hexadecimal digits',
  }),
});

/**
 * The key that the flags name, by address, by public key, or by both when they agree.
 * @throws ERR_USAGE, ERR_ADDRESS, ERR_KEY_MATERIAL, ERR_KEY_MISMATCH
 */
export function statedKey(flags: {
  readonly ss58?: string | undefined;
  readonly 'public-key-hex'?: string | undefined;
  readonly 'crypto-type': string;
}): PublicKey {
  const keys = [flags.ss58, flags['public-key-hex']].filter((text) => text !== undefined).map(addressOrKey);
  const [first, second] = keys;
  if (first === undefined)
    throw new Sv72Error('ERR_USAGE', 'The key is not named.', { next: 'Give --ss58 or --public-key-hex.' });
  if (second !== undefined && second.ss58 !== first.ss58) {
    throw new Sv72Error('ERR_KEY_MISMATCH', 'The address and the public key are not of the same key.');
  }
  return { ...first, cryptoType: cryptoTypeOf(flags['crypto-type']) };
}

/**
 * A key given as an address or as 64 hexadecimal digits.
 * @throws ERR_ADDRESS
 */
export function addressOrKey(text: string): { readonly ss58: string; readonly publicKey: Uint8Array } {
  const publicKey = /^(0x)?[0-9a-f]{64}$/i.test(text) ? hexBytes(text) : ss58Decode(text);
  return { ss58: ss58Encode(publicKey), publicKey };
}
