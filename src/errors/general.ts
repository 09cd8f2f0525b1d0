import type { ErrorEntry } from './types.ts';

export const generalErrors = {
  ERR_USAGE: {
    who: 'user',
    exit: 2,
    meaning:
      'The command line is wrong: an unknown flag or command, a missing value, or flags that exclude each other.',
    next: 'Run the command with --help to see its flags and examples.',
  },
  ERR_NEEDS_ANSWER: {
    who: 'user',
    exit: 2,
    meaning:
      'A question would have to be asked, but there is no terminal to ask it on (or --json or --yes forbids it).',
    next: 'Give the named flag, or run the command in a terminal.',
  },
  ERR_ABORTED: {
    who: 'user',
    exit: 1,
    meaning: 'The question was answered with no, so nothing was done.',
    next: 'Run the command again when you are ready.',
  },
  ERR_INTERRUPTED: {
    who: 'user',
    exit: 130,
    meaning: 'The command was interrupted (Ctrl-C). Files that existed before are as they were.',
    next: 'Run the same command again; it starts over safely.',
  },
  ERR_UNKNOWN_CODE: {
    who: 'user',
    exit: 1,
    meaning: 'The error code given to `sv72 explain` is not in the table.',
    next: 'Run `sv72 errors` to list all codes.',
  },
  ERR_FILE_READ: {
    who: 'outside',
    exit: 3,
    meaning: 'A file could not be read: it is missing, or its permissions or its disk do not allow it.',
    next: 'Check the path and its permissions.',
  },
  ERR_FILE_WRITE: {
    who: 'outside',
    exit: 3,
    meaning: 'A file could not be written. An existing file of that name is unchanged.',
    next: 'Check the folder, its permissions and the free space, then run the command again.',
  },
  ERR_BUG: {
    who: 'bug',
    exit: 70,
    meaning: 'sv72 failed in a way it does not know. This is a bug in sv72.',
    next: 'Run the command again with DEBUG=sv72 to see the stack trace, and report it with the output of `sv72 --version`.',
  },
} as const satisfies Record<string, ErrorEntry>;
