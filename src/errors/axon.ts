import type { ErrorEntry } from './types.ts';

export const axonErrors = {
  ERR_PORT_IN_USE: {
    who: 'user',
    exit: 1,
    meaning: 'Another process already listens on the address and port.',
    next: 'Stop the other process, or choose another port with --port (0 takes a free one).',
  },
  ERR_PORT_DENIED: {
    who: 'user',
    exit: 1,
    meaning:
      'The system does not let this user listen on that port; ports below 1024 are for administrators.',
    next: 'Choose a port between 1025 and 65534, as Bittensor axons use.',
  },
  ERR_LISTEN: {
    who: 'user',
    exit: 1,
    meaning: 'The address given to listen on is not one of this machine, or not an address at all.',
    next: 'Use `::` (all addresses), `0.0.0.0` (all IPv4 addresses) or an address that this machine has.',
  },
  ERR_TARGET: {
    who: 'user',
    exit: 2,
    meaning: 'A target is not of the form host:port.',
    next: 'Give an address such as 127.0.0.1:8091 or [::1]:8091.',
  },
} as const satisfies Record<string, ErrorEntry>;
