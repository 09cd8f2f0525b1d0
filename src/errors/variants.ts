import type { ErrorEntry } from './types.ts';

export const variantsErrors = {
  ERR_VARIANT_STALE: {
    who: 'user',
    exit: 1,
    meaning:
      'A variant of a model was made from a graph that has changed since: its proof says nothing about the new one.',
    next: 'Make the variant again with `sv72 quantize`, or use `--variant auto`.',
  },
  ERR_QUANTIZE: {
    who: 'user',
    exit: 1,
    meaning: 'A model could not be converted to the form that was asked for.',
    next: 'Try another form (`--to`); the log that details name says more.',
  },
  ERR_GATE_PICTURES: {
    who: 'user',
    exit: 1,
    meaning:
      'There are not enough pictures to tell whether a variant is as good as the model it was made from.',
    next: 'Give a dataset with pictures of both classes in its validation or test part.',
  },
} as const satisfies Record<string, ErrorEntry>;
