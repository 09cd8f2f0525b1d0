import type { ErrorEntry } from './types.ts';

export const configErrors = {
  ERR_CONFIG_MISSING: {
    who: 'user',
    exit: 2,
    meaning: 'The configuration file named by --config or SV72_CONFIG does not exist.',
    next: 'Correct the path, or make the file with `sv72 init`.',
  },
  ERR_CONFIG_FILE: {
    who: 'user',
    exit: 2,
    meaning: 'sv72.yaml is not valid YAML, or holds a key or value sv72 does not know.',
    next: 'Correct the named line; `sv72 config show` lists all settings with their values.',
  },
  ERR_CONFIG_VALUE: {
    who: 'user',
    exit: 2,
    meaning: 'A setting given by a flag, a variable or `sv72 config set` has a value that is not allowed.',
    next: 'Give a value that fits; `sv72 config show` lists all settings.',
  },
  ERR_CONFIG_KEY: {
    who: 'user',
    exit: 2,
    meaning: 'There is no setting of that name.',
    next: 'Run `sv72 config show` to list all settings.',
  },
  ERR_CONFIG_EXISTS: {
    who: 'user',
    exit: 1,
    meaning: 'The configuration file exists already and would be replaced.',
    next: 'Change single values with `sv72 config set`, or replace it with `sv72 init --overwrite`.',
  },
} as const satisfies Record<string, ErrorEntry>;
