import { Sv72Error } from '../errors/index.ts';
import {
  type CryptoType,
  type Keypair,
  keypairFromMnemonic,
  keypairFromUri,
  newMnemonic,
  type WordCount,
} from '../wallet/index.ts';

/** A key just made, with the mnemonic that is to be shown once. */
export interface MadeKey {
  readonly keypair: Keypair;
  /** Undefined for a development key. */
  readonly mnemonic: string | undefined;
}

const WORDS = { '12': 12, '15': 15, '18': 18, '21': 21, '24': 24 } as const satisfies Record<
  string,
  WordCount
>;

/**
 * A new random key, or the public development key that `uri` names.
 * @throws ERR_SECRET_IN_ARGUMENTS when the URI holds more than a derivation path
 */
export function makeKey(words: keyof typeof WORDS, cryptoType: CryptoType, uri?: string): MadeKey {
  if (uri !== undefined)
    return { keypair: keypairFromUri(developmentUri(uri), cryptoType), mnemonic: undefined };
  const mnemonic = newMnemonic(WORDS[words]);
  return { keypair: keypairFromMnemonic(mnemonic, cryptoType), mnemonic };
}

/** btcli makes //Alice of alice. */
function developmentUri(uri: string): string {
  if (/^(\/\/?[\w-]+)+$/.test(uri)) return uri;
  if (/^[a-z0-9]{1,20}$/i.test(uri)) return `//${uri.charAt(0).toUpperCase()}${uri.slice(1)}`;
  throw new Sv72Error(
    'ERR_SECRET_IN_ARGUMENTS',
    'Only a public development key such as //Alice can be named on the command line.',
    { next: 'Restore a key from its mnemonic with `sv72 wallet regen-coldkey` or `regen-hotkey`.' },
  );
}
