import type { ErrorEntry } from './types.ts';

export const presenceErrors = {
  ERR_EXTERNAL_IP: {
    who: 'user',
    exit: 2,
    meaning:
      'Validators need an address to connect to, and it could not be told from this machine’s own interfaces: it has no public address, or several. No outside service is asked for it.',
    next: 'Name it with --external-ip (and --external-port where ports are mapped), or use --no-announce.',
  },
  ERR_ANNOUNCE_ADDRESS: {
    who: 'user',
    exit: 2,
    meaning: 'The address to announce is none, or one that cannot be reached from everywhere.',
    next: 'Name the address that others see with --external-ip; --force-announce insists, for networks of your own (not on 127.0.0.1 and ::1, which the chain itself refuses).',
  },
  ERR_ANNOUNCE_PORT: {
    who: 'user',
    exit: 2,
    meaning: 'The chain takes ports from 1 to 65535, so there is no port to announce.',
    next: 'Name it with --external-port.',
  },
  ERR_ANNOUNCE_FEE: {
    who: 'user',
    exit: 1,
    meaning: 'The chain wants a fee for an announcement, which the hotkey would pay; nothing was sent.',
    next: 'Run `sv72 axon set`, which shows the fee and asks.',
  },
  ERR_ANNOUNCE_SIGNER: {
    who: 'user',
    exit: 1,
    meaning: 'The hotkey’s private key is needed to sign an announcement, and it could not be used.',
    next: 'Run `sv72 axon set` where the hotkey is, or see `sv72 wallet check`.',
  },
  ERR_SERVING_RATE: {
    who: 'user',
    exit: 1,
    meaning: 'The chain lets a hotkey change its announced address only once in so many blocks.',
    next: 'Wait as long as the message says, or run it again with --wait.',
  },
  ERR_CHAIN_PROCESS: {
    who: 'outside',
    exit: 3,
    meaning: 'The process that reads the chain for the miner did not answer in time, or ended.',
    next: 'It is tried again by itself; if it stays, check the endpoint with `sv72 doctor --only endpoint`.',
  },
} as const satisfies Record<string, ErrorEntry>;
