import type { ErrorEntry } from './types.ts';

export const rehearseErrors = {
  ERR_REHEARSE_MISSING: {
    who: 'user',
    exit: 1,
    meaning:
      'A rehearsal runs on a local fork of the chain, and the program that makes one is not installed, or not in the version that sv72 was tested with. It is not part of the ordinary install because of its size.',
    next: 'Install it with the line that the message gives; `docs/rehearse.md` explains it.',
  },
  ERR_REHEARSE_FAILED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The local fork of the chain broke before the rehearsal was over: its endpoint lost the state, or the runtime could not be executed. Nothing was sent to the real chain.',
    next: 'Run it again, with another endpoint (--network wss://…) if it stays; --dry-run needs no fork.',
  },
  ERR_REHEARSE_TIMEOUT: {
    who: 'outside',
    exit: 3,
    meaning:
      'The rehearsal took longer than it was given, usually because the endpoint hands out the chain’s state slowly. Nothing was sent to the real chain.',
    next: 'Run it again, or use a nearer endpoint (--network wss://…).',
  },
} as const satisfies Record<string, ErrorEntry>;
