import type { ErrorEntry } from './types.ts';

export const walletErrors = {
  ERR_ADDRESS: {
    who: 'user',
    exit: 1,
    meaning:
      'The text is not an SS58 address of the Bittensor network (48 characters, starting with 5, with a valid checksum).',
    next: 'Copy the address again; every character counts.',
  },
  ERR_KEY_MATERIAL: {
    who: 'user',
    exit: 1,
    meaning: 'A seed, private key or derivation path has the wrong length, form or value.',
    next: 'A seed is 32 bytes (64 hexadecimal digits), a private key 64 bytes (128 digits).',
  },
  ERR_MNEMONIC: {
    who: 'user',
    exit: 1,
    meaning: 'The mnemonic is not valid: wrong number of words, an unknown word, or a wrong checksum.',
    next: 'Check each word and their order; a mnemonic has 12, 15, 18, 21 or 24 English words.',
  },
} as const satisfies Record<string, ErrorEntry>;
