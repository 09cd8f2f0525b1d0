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
    meaning:
      'A seed, private key, public key, signature or derivation path has the wrong length, form or value.',
    next: 'A seed is 32 bytes (64 hexadecimal digits), a private key 64 bytes (128 digits).',
  },
  ERR_MNEMONIC: {
    who: 'user',
    exit: 1,
    meaning: 'The mnemonic is not valid: wrong number of words, an unknown word, or a wrong checksum.',
    next: 'Check each word and their order; a mnemonic has 12, 15, 18, 21 or 24 English words.',
  },
  ERR_WALLET_NAME: {
    who: 'user',
    exit: 2,
    meaning:
      'A wallet or hotkey name would lead outside the wallet folder or be mistaken for another file: it is empty, begins with a dot, ends with pub.txt, or contains a slash, a backslash or a control character.',
    next: 'Choose another name, for example one of letters, digits, dashes and underscores.',
  },
  ERR_WALLET_NOT_FOUND: {
    who: 'user',
    exit: 1,
    meaning: 'The wallet, or the key asked for, does not exist in the wallet folder.',
    next: 'Run `sv72 wallet list` to see what exists; --wallet-path names another folder.',
  },
  ERR_KEYFILE: {
    who: 'user',
    exit: 1,
    meaning: 'A keyfile cannot be understood: it is damaged, or it was never a keyfile.',
    next: 'Restore the file from a backup, or make it again from its mnemonic with `sv72 wallet regen-coldkey` or `regen-hotkey`.',
  },
  ERR_KEY_MISMATCH: {
    who: 'user',
    exit: 1,
    meaning:
      'Two parts that should belong to one key do not: a keyfile names an address that its secret does not have, or a public file belongs to another key.',
    next: 'Run `sv72 wallet check` to see which file is wrong.',
  },
  ERR_KEY_EXISTS: {
    who: 'user',
    exit: 1,
    meaning: 'A keyfile of that name exists already, and keys are never replaced unasked.',
    next: 'Choose another name, or add --overwrite to replace the key for good.',
  },
  ERR_KEY_LINK: {
    who: 'user',
    exit: 1,
    meaning:
      'The keyfile to be replaced is a symbolic link; replacing it would leave the old key where the link points.',
    next: 'Remove the link or write to the folder it points to.',
  },
  ERR_PASSWORD: {
    who: 'user',
    exit: 1,
    meaning: 'The password does not open the keyfile (or the keyfile is damaged).',
    next: 'Try again; mind upper and lower case. Passwords can also come from --password-fd, BT_WALLET_PASSWORD or BT_PW_….',
  },
  ERR_PASSWORD_SOURCE: {
    who: 'user',
    exit: 1,
    meaning:
      'A password is given in a form that cannot be used: empty, not text, or a BT_PW_ variable that is not encoded as btwallet encodes it.',
    next: 'Correct or remove the variable or file, or type the password when asked.',
  },
  ERR_KEY_DERIVATION: {
    who: 'outside',
    exit: 3,
    meaning:
      'The key of an encrypted keyfile could not be derived from the password; this needs 512 MiB of memory for some seconds.',
    next: 'Free some memory and try again.',
  },
  ERR_KEY_IMPORT: {
    who: 'user',
    exit: 1,
    meaning:
      'The JSON file is not an account exported by polkadot-js or a wallet that writes the same format.',
    next: 'Export the account again, with a password, and give the path of that file.',
  },
  ERR_SECRET_IN_ARGUMENTS: {
    who: 'user',
    exit: 2,
    meaning:
      'A secret was given on the command line, where other users, the shell history and crash reports can see it. It was not used.',
    next: 'Leave the flag out to be asked for the secret, or hand it over with the flag of the same name that ends in -fd. Consider a secret that was typed into a shared shell as known to others.',
  },
  ERR_NOWHERE_TO_SHOW: {
    who: 'user',
    exit: 2,
    meaning:
      'A new key has a mnemonic that must be shown once, and there is neither a terminal nor a file descriptor to show it on. Nothing was created.',
    next: 'Run the command in a terminal, or name a descriptor: `--mnemonic-fd 3 3>mnemonic.txt`.',
  },
} as const satisfies Record<string, ErrorEntry>;
