import { Flags } from '@oclif/core';
import { withEnv, yesFlag } from '../ui/index.ts';
import { unlockFlags } from '../wallet-ui/index.ts';

/** Flags of every command that sends a transaction. */
export const sendFlags = {
  ...yesFlag,
  ...withEnv({
    'dry-run': Flags.boolean({
      aliases: ['dry_run'],
      summary: 'show everything, let the node check the signed transaction, and send nothing',
    }),
  }),
  ...unlockFlags,
};

/** For commands that can go on looking. */
export const watchFlags = withEnv({
  watch: Flags.boolean({
    summary: 'look again and again until interrupted; with --json one object a line for each look',
  }),
  every: Flags.integer({
    summary: 'seconds between two looks with --watch; each new block at the earliest',
    default: 60,
    min: 1,
    max: 86_400,
  }),
});
