import type { ErrorEntry } from './types.ts';

export const evaluateErrors = {
  ERR_LABELS_CONFLICT: {
    who: 'user',
    exit: 1,
    meaning: 'The same picture lies in the folders of both classes, so its label is not known.',
    next: 'Remove one of the two files that the message names.',
  },
} as const satisfies Record<string, ErrorEntry>;
