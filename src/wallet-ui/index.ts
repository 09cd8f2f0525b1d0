export { WalletCommand } from './command.ts';
export {
  coldkeyPasswordFlags,
  cryptoTypeFlag,
  cryptoTypeOf,
  hotkeyCryptoTypeFlag,
  hotkeyPasswordFlags,
  newKeyFlags,
  overwriteFlag,
  secretFlags,
  unlockFlags,
  uriFlag,
} from './flags.ts';
export { makeKey } from './make.ts';
export { addressOrKey, publicKeyFlags, statedKey } from './public-key.ts';
export { findingText, keyText } from './render.ts';
export { restoredKeypair } from './restore.ts';
export { type PasswordFlags, passwordsFrom } from './secrets.ts';
