import type { ErrorEntry } from './types.ts';

export const registerErrors = {
  ERR_ALREADY_REGISTERING: {
    who: 'user',
    exit: 1,
    meaning: 'Another sv72 process on this machine is registering the same hotkey right now.',
    next: 'Wait for it to end, then run the command again: it finds out what happened.',
  },
  ERR_REGISTRATION_OPEN: {
    who: 'outside',
    exit: 3,
    meaning:
      'A registration of this hotkey was signed and sent earlier, and it may still happen. No other one is signed before that is settled, so that nothing is paid twice.',
    next: 'Run the command again a little later: it looks for the earlier registration first.',
  },
  ERR_REGISTRATION_JOURNAL: {
    who: 'user',
    exit: 1,
    meaning:
      'The note of an earlier registration cannot be read, so it cannot be known whether that one may still happen.',
    next: 'Check with `sv72 metagraph` whether the hotkey is registered; if it is not and the file is an hour old, delete it.',
  },
  ERR_PRICE_ABOVE_CEILING: {
    who: 'user',
    exit: 1,
    meaning: 'The price of a registration is above the ceiling, so nothing was signed.',
    next: 'Wait until it falls (--wait-for-price), or choose a higher --max-price.',
  },
  ERR_PRICE_WAIT_TIMEOUT: {
    who: 'outside',
    exit: 3,
    meaning: 'The price of a registration did not fall far enough in the time given; nothing was signed.',
    next: 'Give it more time with --timeout, or choose a higher --wait-for-price.',
  },
  ERR_CANNOT_REGISTER: {
    who: 'user',
    exit: 1,
    meaning:
      'The chain would refuse this registration: the subnet does not exist or takes no registrations, nobody can be pushed out, the hotkey belongs to another coldkey, or the like. Nothing was signed.',
    next: 'The message says which rule it is.',
  },
  ERR_BALANCE_TOO_LOW: {
    who: 'user',
    exit: 1,
    meaning:
      'The account that pays has too little free TAO for the price, the fee and the existential deposit. Nothing was signed.',
    next: 'Send TAO to the account, or wait until the price falls.',
  },
  ERR_SUBNET_PAYS_NOBODY: {
    who: 'user',
    exit: 1,
    meaning:
      'The subnet pays its miners nothing now, so a registration earns nothing until that changes. Nothing was signed.',
    next: 'Run `sv72 paying` to see why; if you want the registration all the same, add --accept-unpaid.',
  },
  ERR_NOT_VERIFIED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The registration is in a finalized block, but the chain’s state does not show the hotkey at that UID: it may have been pushed out again at once.',
    next: 'Look at `sv72 status`; run the command again only when it says that the hotkey is not registered.',
  },
  ERR_PROXY: {
    who: 'user',
    exit: 1,
    meaning:
      'The key that signs may not register for that account: it is not its proxy, or not for this call.',
    next: 'On the machine with the coldkey, run `sv72 proxy add --delegate` with the address of the key.',
  },
  ERR_POW_NOT_ALLOWED: {
    who: 'user',
    exit: 1,
    meaning: 'The subnet takes no registrations by proof of work, or the chain’s runtime knows none.',
    next: 'Register by paying: leave --pow out.',
  },
  ERR_POW_TIMEOUT: {
    who: 'outside',
    exit: 3,
    meaning: 'No proof of work was found in the time given. Nothing was sent.',
    next: 'Give it more time with --timeout, or use a machine with more cores.',
  },
  ERR_NATIX_REFUSED: {
    who: 'user',
    exit: 1,
    meaning: 'The NATIX application server refused the registration. Mining does not need it.',
    next: 'Read what the server said; `docs/register.md` tells what it expects.',
  },
  ERR_NATIX_UNREACHABLE: {
    who: 'outside',
    exit: 3,
    meaning:
      'The NATIX application server could not be reached, or answered nothing that could be understood. Mining does not need it.',
    next: 'Run `sv72 natix register` later; it takes up where it stopped.',
  },
} as const satisfies Record<string, ErrorEntry>;
