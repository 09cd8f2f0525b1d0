import type { ErrorEntry } from './types.ts';

export const dataErrors = {
  ERR_DATASET_MISSING: {
    who: 'user',
    exit: 1,
    meaning: 'The folder holds no dataset: it is not there, or it has no dataset.json.',
    next: 'Give the folder that contains dataset.json, or make one with `sv72 data import` or `sv72 data draw`.',
  },
  ERR_DATASET_FORMAT: {
    who: 'user',
    exit: 1,
    meaning: 'The dataset was written in a format that this version of sv72 does not know.',
    next: 'Update sv72, or make the dataset again with this version.',
  },
  ERR_DATASET_DAMAGED: {
    who: 'user',
    exit: 1,
    meaning: 'A file of a dataset is missing, is not valid, or is not what dataset.json lists.',
    next: 'Run `sv72 data check PATH` to see everything that is wrong; make or copy the dataset again.',
  },
  ERR_DATASET_EXISTS: {
    who: 'user',
    exit: 1,
    meaning: 'A dataset would be written where something already is.',
    next: 'Name another folder, or ask for the old one to be replaced with --replace.',
  },
  ERR_DATASET_BUSY: {
    who: 'user',
    exit: 1,
    meaning: 'Another sv72 is writing the same dataset.',
    next: 'Wait until it is done, or name another folder.',
  },
  ERR_DATASET_EMPTY: {
    who: 'user',
    exit: 1,
    meaning:
      'There are no pictures of one of the two classes, or none at all, so nothing could be learned from the set.',
    next: 'Add pictures of the missing class; negatives are streets without road works.',
  },
  ERR_DATA_INPUT: {
    who: 'user',
    exit: 1,
    meaning:
      'A file or folder cannot be imported: it is damaged, of an unknown kind, or it lacks what tells pictures and labels.',
    next: 'See docs/data.md for the forms that are read.',
  },
  ERR_DATA_LICENCE: {
    who: 'user',
    exit: 1,
    meaning:
      'The licence of a source of pictures is not known. A model made from them may have to be published, which their owner could forbid.',
    next: 'Name the licence with --licence, or take it upon yourself with --accept-unknown-licence.',
  },
  ERR_HUB_DAMAGED: {
    who: 'outside',
    exit: 3,
    meaning: 'A file arrived twice with another hash than the Hub lists for it.',
    next: 'Run the command again; something between you and the Hub may be changing the data.',
  },
  ERR_DISK_FULL: {
    who: 'outside',
    exit: 3,
    meaning: 'The disk is full. What was finished before is kept.',
    next: 'Free some space and run the same command again: it continues where it stopped.',
  },
} as const satisfies Record<string, ErrorEntry>;
