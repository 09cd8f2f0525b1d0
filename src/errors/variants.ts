import type { ErrorEntry } from './types.ts';

export const variantsErrors = {
  ERR_VARIANT_STALE: {
    who: 'user',
    exit: 1,
    meaning:
      'A variant of a model was made from a graph that has changed since: its proof says nothing about the new one.',
    next: 'Make the variant again with `sv72 quantize`, or use `--variant auto`.',
  },
} as const satisfies Record<string, ErrorEntry>;
