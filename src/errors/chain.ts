import type { ErrorEntry } from './types.ts';

export const chainErrors = {
  ERR_CHAIN_UNREACHABLE: {
    who: 'outside',
    exit: 3,
    meaning:
      'None of the chain’s endpoints could be reached, or each closed the connection before it answered.',
    next: 'Check the network and the endpoint (--network, chain.fallback_endpoints), then run the command again.',
  },
  ERR_CHAIN_TIMEOUT: {
    who: 'outside',
    exit: 3,
    meaning: 'The chain’s endpoint did not answer in time.',
    next: 'Run the command again, or choose another endpoint with --network wss://….',
  },
  ERR_CHAIN_RATE_LIMITED: {
    who: 'outside',
    exit: 3,
    meaning: 'The endpoint answered that this machine asks too often (429), and kept saying so.',
    next: 'Wait a minute, or choose another endpoint with --network wss://….',
  },
  ERR_CHAIN_GENESIS: {
    who: 'user',
    exit: 1,
    meaning:
      'The endpoint serves another chain than the network that was asked for (its genesis differs), so nothing is signed for it.',
    next: 'Check --network and the fallback endpoints: all must belong to the same chain.',
  },
  ERR_CHAIN_RPC: {
    who: 'outside',
    exit: 3,
    meaning: 'The node answered a request with an error.',
    next: 'Run the command again; if it stays, choose another endpoint with --network wss://….',
  },
  ERR_CHAIN_METADATA: {
    who: 'outside',
    exit: 3,
    meaning: 'The description of its runtime that the chain sent could not be read.',
    next: 'Look for a newer sv72; if there is none, report it with the runtime’s version.',
  },
  ERR_CHAIN_SHAPE: {
    who: 'outside',
    exit: 3,
    meaning: 'The chain answered in a form that this version of sv72 does not know.',
    next: 'Look for a newer sv72; if there is none, report it with the runtime’s version.',
  },
  ERR_CHAIN_MISSING: {
    who: 'user',
    exit: 1,
    meaning: 'The chain’s runtime does not have the call or item that is needed for this.',
    next: 'This cannot be done on that chain; `sv72 subnet show` tells what its runtime has.',
  },
  ERR_CHAIN_ARGUMENT: {
    who: 'user',
    exit: 2,
    meaning: 'A value does not fit what the chain’s runtime wants there.',
    next: 'Check the value that is named.',
  },
  ERR_CHAIN_UPGRADED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The chain’s runtime was upgraded after the call was composed, and the call would mean something else now; nothing was sent.',
    next: 'Run the command again.',
  },
  ERR_CHAIN_REFUSED: {
    who: 'user',
    exit: 1,
    meaning: 'The node refused the transaction before it came into a block; nothing was paid.',
    next: '`sv72 explain` with the chain’s own word for it says more.',
  },
  ERR_CHAIN_FAILED: {
    who: 'user',
    exit: 1,
    meaning: 'The transaction came into a block and failed there; only its fee was paid.',
    next: '`sv72 explain` with the chain’s own word for it says more.',
  },
  ERR_CHAIN_EXPIRED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The transaction was sent but came into no block while it was valid; it did not happen and can no longer happen.',
    next: 'Run the command again.',
  },
  ERR_CHAIN_UNKNOWN_OUTCOME: {
    who: 'outside',
    exit: 3,
    meaning:
      'The transaction was sent, and whether it came into a block could not be found out before the time was over.',
    next: '`sv72 register`: run it again; it looks for the transaction first. Any other command would send another one: wait for the block that is named, and look at the account first.',
  },
} as const satisfies Record<string, ErrorEntry>;
