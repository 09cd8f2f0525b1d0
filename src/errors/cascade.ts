import type { ErrorEntry } from './types.ts';

export const cascadeErrors = {
  ERR_CASCADE_FILE: {
    who: 'user',
    exit: 1,
    meaning: 'The file of a cascade is not there, or is not what `sv72 cascade fit` writes.',
    next: 'Run `sv72 cascade fit`, or set `cascade` of the profile to null.',
  },
  ERR_CASCADE_STALE: {
    who: 'user',
    exit: 1,
    meaning:
      'The weights and bounds of a cascade were fitted for other stages or other models than those of the profile.',
    next: 'Run `sv72 cascade fit` for them, or set `cascade` of the profile to null until then.',
  },
  ERR_CASCADE_STAGES: {
    who: 'user',
    exit: 1,
    meaning: 'The stages of the profile cannot be used or fitted as they are.',
    next: 'See docs/cascade.md for what stages a profile can have.',
  },
  ERR_CASCADE_FIT: {
    who: 'user',
    exit: 1,
    meaning: 'There are too few answers of the stages to fit a cascade to.',
    next: 'Take a dataset with more pictures, or look why a stage does not answer.',
  },
} as const satisfies Record<string, ErrorEntry>;
