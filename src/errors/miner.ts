import type { ErrorEntry } from './types.ts';

export const minerErrors = {
  ERR_STORE_OPEN: {
    who: 'outside',
    exit: 3,
    meaning:
      'The store of predictions and requests could not be opened: its folder or its disk does not allow it.',
    next: 'Check the folder, its owner and the free space, or name another place with `store.path`.',
  },
  ERR_STORE_DAMAGED: {
    who: 'outside',
    exit: 3,
    meaning:
      'The file that should be the store of predictions and requests is no database, or it is damaged.',
    next: 'Move the file away; sv72 makes a new one.',
  },
  ERR_STORE_NEWER: {
    who: 'user',
    exit: 1,
    meaning: 'The store was written by a newer version of sv72, whose layout this version does not know.',
    next: 'Update sv72, or name another place with `store.path`.',
  },
} as const satisfies Record<string, ErrorEntry>;
