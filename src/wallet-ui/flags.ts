import { Flags } from '@oclif/core';
import { Sv72Error } from '../errors/index.ts';
import { withEnv } from '../ui/index.ts';
import type { CryptoType } from '../wallet/index.ts';

/** Spellings of a scheme, as the cryptoType of a keyfile has them too. */
const CRYPTO_TYPES = ['sr25519', 'ed25519', '1', '0'] as const;

export function cryptoTypeOf(spelling: string | undefined): CryptoType {
  return spelling === 'ed25519' || spelling === '0' ? 'ed25519' : 'sr25519';
}

const cryptoType = (summary: string) =>
  Flags.option({ options: CRYPTO_TYPES, summary })({ default: 'sr25519' });

/** A file descriptor. Whoever gives the secret itself instead of a number does not read it again in an error. */
const descriptor = Flags.custom<number>({
  parse: async (text) => {
    if (/^\d{1,4}$/.test(text)) return Number(text);
    throw new Sv72Error('ERR_USAGE', 'A flag that ends in -fd takes the number of a file descriptor.', {
      next: 'Open a file on a descriptor and name its number: `--mnemonic-fd 3 3<mnemonic.txt`; 0 is standard input.',
    });
  },
});

/** Passwords of existing keys, other than typed. */
export const unlockFlags = withEnv({
  'password-fd': descriptor({
    summary: 'read the password from this file descriptor',
    helpGroup: 'PASSWORD',
  }),
  'password-file': Flags.file({
    aliases: ['wallet-password-file'],
    summary: 'read the password from this file',
    helpGroup: 'PASSWORD',
  }),
});

/** How a new coldkey is kept. */
export const coldkeyPasswordFlags = withEnv({
  'use-password': Flags.boolean({
    summary: 'encrypt the coldkey with a password',
    aliases: ['use_password'],
    allowNo: true,
    default: true,
    helpGroup: 'PASSWORD',
  }),
  'no-password': Flags.boolean({ summary: 'the same as --no-use-password', helpGroup: 'PASSWORD' }),
  ...unlockFlags,
});

/** How a new hotkey is kept: unencrypted unless asked, since a miner has to read it at every start. */
export const hotkeyPasswordFlags = withEnv({
  'use-password': Flags.boolean({
    summary: 'encrypt the hotkey with a password',
    aliases: ['use_password'],
    allowNo: true,
    default: false,
    helpGroup: 'PASSWORD',
  }),
  'no-password': Flags.boolean({ summary: 'the same as --no-use-password', helpGroup: 'PASSWORD' }),
  ...unlockFlags,
});

export const overwriteFlag = withEnv({
  overwrite: Flags.boolean({ summary: 'replace an existing key for good', allowNo: true }),
});

export const cryptoTypeFlag = withEnv({
  'crypto-type': cryptoType('signature scheme; miners and validators use sr25519'),
});

/** Flags of commands that make a new random key. */
export const newKeyFlags = {
  ...withEnv({
    'n-words': Flags.option({
      options: ['12', '15', '18', '21', '24'] as const,
      summary: 'words of the new mnemonic',
      aliases: ['n_words'],
    })({ default: '12' }),
    'mnemonic-fd': descriptor({
      summary: 'write the new mnemonic to this file descriptor instead of showing it on the terminal',
    }),
  }),
  ...overwriteFlag,
};

export const hotkeyCryptoTypeFlag = withEnv({
  'hotkey-crypto-type': cryptoType('signature scheme of the hotkey'),
});

/** Development keys are public, so their names may stand on a command line. */
export const uriFlag = withEnv({
  uri: Flags.string({ summary: 'a public development key instead of a random one, such as alice or //Bob' }),
});

/** Flags of commands that restore a key from its secret. */
export const secretFlags = {
  ...withEnv({
    'mnemonic-fd': descriptor({
      summary: 'read the mnemonic from this file descriptor',
      helpGroup: 'SECRET',
    }),
    'seed-fd': descriptor({
      summary: 'read the seed (hexadecimal) from this file descriptor',
      helpGroup: 'SECRET',
    }),
    'private-key-fd': descriptor({
      summary: 'read the private key (hexadecimal) from this file descriptor',
      helpGroup: 'SECRET',
    }),
    'json-path': Flags.file({
      char: 'j',
      aliases: ['json_path'],
      summary: 'import the account that polkadot-js exported into this file',
      helpGroup: 'SECRET',
    }),
    'json-password-fd': descriptor({
      summary: 'read the password of that file from this file descriptor',
      helpGroup: 'SECRET',
    }),
  }),
  ...overwriteFlag,
  ...cryptoTypeFlag,
};
