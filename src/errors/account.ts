import type { ErrorEntry } from './types.ts';

export const accountErrors = {
  ERR_NO_SUBNET: {
    who: 'user',
    exit: 1,
    meaning: 'There is no subnet of that number on this chain.',
    next: 'Check --netuid and --network: StreetVision is 72 on finney and 323 on test.',
  },
  ERR_NOT_REGISTERED: {
    who: 'user',
    exit: 1,
    meaning: 'The hotkey has no UID on the subnet.',
    next: 'Check --netuid and --hotkey; `sv72 register` shows what a registration costs.',
  },
  ERR_AMOUNT: {
    who: 'user',
    exit: 2,
    meaning: 'The amount is none: digits with at most nine decimals are, and it must be more than nothing.',
    next: 'Write it such as 1.5.',
  },
  ERR_STAKE_UNAVAILABLE: {
    who: 'user',
    exit: 1,
    meaning:
      'There is less stake to take out than was asked for: it is not there, or it is locked as collateral.',
    next: 'Run `sv72 stake list` to see what is available.',
  },
  ERR_STAKE_LIMIT: {
    who: 'user',
    exit: 1,
    meaning:
      'The sale would bring less than the limit asks for, so the chain would refuse it and keep the fee. Nothing was sent.',
    next: 'Sell less, allow more with --max-slippage or --min-price, or sell what the limit allows with --partial.',
  },
  ERR_COMMITMENT: {
    who: 'user',
    exit: 1,
    meaning: 'The text cannot be committed: it is empty, too long, or the space of this epoch is used up.',
    next: 'Commit something shorter, or wait for the next epoch.',
  },
  ERR_NOT_VALID: {
    who: 'user',
    exit: 1,
    meaning: 'The node’s check of the signed transaction says that it would be refused. Nothing was sent.',
    next: 'Do what the message says, then try again.',
  },
} as const satisfies Record<string, ErrorEntry>;
