import type { ErrorEntry } from './types.ts';

export const trainingErrors = {
  ERR_RECIPE: {
    who: 'user',
    exit: 1,
    meaning:
      'A recipe cannot be used: it is not there, a field of it is wrong, or the model cannot do what it asks.',
    next: 'Run `sv72 train recipes` for those that come with sv72; docs/train.md has every field.',
  },
  ERR_TRAINING_EXISTS: {
    who: 'user',
    exit: 1,
    meaning:
      'The folder of a training holds an earlier run, and it was not said whether that is to be continued.',
    next: 'Continue it with --resume, or name another folder with --work.',
  },
  ERR_TRAINING_NOTHING: {
    who: 'user',
    exit: 1,
    meaning: 'A run was to be continued, and there is none.',
    next: 'Leave --resume out, or name the folder of the run with --work.',
  },
  ERR_TRAINING_CHANGED: {
    who: 'user',
    exit: 1,
    meaning:
      'A run cannot be continued because its data, its recipe, its teacher or its first weights are not those that it was begun with.',
    next: 'Give the same data and flags as before, or begin a new run in another folder with --work.',
  },
  ERR_TRAINING_CHECKPOINT: {
    who: 'user',
    exit: 1,
    meaning: 'The checkpoint of a run is damaged or no checkpoint.',
    next: 'Begin a new run in another folder with --work.',
  },
  ERR_TRAINING_STOPPED: {
    who: 'user',
    exit: 130,
    meaning: 'A training was asked to stop; it saved a checkpoint and ended.',
    next: 'Run the same command with --resume to go on where it stopped.',
  },
  ERR_TRAINING_GPU: {
    who: 'outside',
    exit: 3,
    meaning:
      'The training was to use a GPU, and could not: none is seen, or this build of torch cannot compute on it.',
    next: 'Run `sv72 train … --dry-run` to see what was chosen; train on the CPU with --device cpu.',
  },
  ERR_TRAINING_WEIGHTS: {
    who: 'outside',
    exit: 3,
    meaning: 'The weights that a model was to begin with could not be fetched, or are not for this model.',
    next: 'Check the connection and the id, or give a local file with --weights.',
  },
  ERR_TRAINING_LICENCE: {
    who: 'user',
    exit: 1,
    meaning:
      'The licence of the first weights binds what is made from them, and its text, which must go along, is not at hand.',
    next: 'Give the file with the text, as it was published with the weights, with --weights-licence.',
  },
  ERR_TRAINING_TEACHER: {
    who: 'outside',
    exit: 3,
    meaning: 'The teacher of a distillation is missing, cannot be used, or does not answer.',
    next: 'Name a bundle with --teacher, or a server with --teacher and --teacher-model; SV72_TEACHER_KEY is its key.',
  },
  ERR_TRAINING_FAILED: {
    who: 'outside',
    exit: 1,
    meaning:
      'A training began and could not be finished: its numbers ran away, memory ran out, or a check failed.',
    next: 'Run `sv72 jobs logs` for the whole story; a smaller learning rate or model may do.',
  },
} as const satisfies Record<string, ErrorEntry>;
