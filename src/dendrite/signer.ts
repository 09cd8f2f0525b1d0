/** Something that signs as a hotkey, such as a wallet's `Keypair`. */
export interface Signer {
  readonly ss58: string;
  readonly cryptoType?: 'sr25519' | 'ed25519';
  sign(message: Uint8Array): Uint8Array;
}
