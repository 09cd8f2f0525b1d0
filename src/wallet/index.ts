export {
  type CheckOptions,
  type CheckReport,
  checkWallets,
  type Finding,
  type FindingName,
  repair,
  type Severity,
} from './check/index.ts';
export type { Encryption } from './encryption/index.ts';
export { hexBytes, MAX_KEYFILE_BYTES, type PublicKey } from './keyfile.ts';
export {
  Keypair,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
  verifySignature,
} from './keypair.ts';
export {
  type ListedHotkey,
  type ListedKey,
  type ListedWallet,
  listWallet,
  listWallets,
  showWallet,
} from './list.ts';
export { type LoadedKey, loadHotkey, loadKey, loadPublicKey, type Passwords } from './load.ts';
export { signText, verifyText } from './message.ts';
export { missingKey } from './missing.ts';
export { holdsMnemonic, newMnemonic, normaliseMnemonic, WORD_COUNTS, type WordCount } from './mnemonic.ts';
export {
  decodePassword,
  type Environment,
  encodePassword,
  type FoundPassword,
  judgePassword,
  passwordFromEnvironment,
  passwordVariable,
  typedForms,
  withoutPasswords,
} from './password.ts';
export { type KeyLocation, type KeyPaths, keyName, keyPaths, walletFolder } from './paths.ts';
export { keypairFromPolkadotJson } from './polkadot-json.ts';
export { type NewKey, needsPassword, refuseTaken, saveKeys, savePublicKey } from './save.ts';
export type { CryptoType } from './scheme.ts';
export { readAtMost, readPasswordFile, readSecret, requireWritable, writeSecret } from './secret-input.ts';
export { isSs58, ss58Decode, ss58Encode } from './ss58.ts';
export { keypairFromUri } from './uri.ts';
