import { hexBytes } from './keyfile.ts';
import { type Keypair, verifySignature } from './keypair.ts';
import type { CryptoType } from './scheme.ts';

/** Signature over the UTF-8 bytes of a text, 128 hexadecimal digits without 0x as btcli prints it. */
export function signText(keypair: Keypair, message: string): string {
  return Buffer.from(keypair.sign(Buffer.from(message, 'utf8'))).toString('hex');
}

/**
 * Whether a signature over a text is valid, and under which scheme. The text wrapped in `<Bytes>`, as browser
 * extensions sign it, is taken too.
 * @param signature 128 hexadecimal digits, with or without 0x
 * @param cryptoType undefined tries both: an address does not say its scheme
 */
export function verifyText(options: {
  readonly message: string;
  readonly signature: string;
  readonly publicKey: Uint8Array;
  readonly cryptoType?: CryptoType | undefined;
}): CryptoType | undefined {
  if (!/^(0x)?[0-9a-f]{128}$/i.test(options.signature)) return undefined;
  const signature = hexBytes(options.signature);
  const schemes = options.cryptoType === undefined ? (['sr25519', 'ed25519'] as const) : [options.cryptoType];
  const texts = [options.message, `<Bytes>${options.message}</Bytes>`];
  return schemes.find((cryptoType) =>
    texts.some((text) =>
      verifySignature({
        publicKey: options.publicKey,
        message: Buffer.from(text, 'utf8'),
        signature,
        cryptoType,
      }),
    ),
  );
}
