export {
  Keypair,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
  verifySignature,
} from './keypair.ts';
export type { CryptoType } from './scheme.ts';
export { isSs58, ss58Decode, ss58Encode } from './ss58.ts';
export { keypairFromUri } from './uri.ts';
