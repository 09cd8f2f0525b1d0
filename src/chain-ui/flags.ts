import { Flags } from '@oclif/core';
import { parseDuration } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { Pace } from '../standing/index.ts';
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

const pace = Flags.custom<Pace>({ parse: async (text) => paceOf(text) });

/** For commands that can go on looking. */
export const watchFlags = withEnv({
  watch: Flags.boolean({
    summary: 'look again and again until interrupted; with --json one object a line for each look',
  }),
  every: pace({
    summary:
      'between two looks with --watch: a time such as 90s or 30m (a plain number is seconds), or blocks such as 5blocks',
    default: { ms: 60_000 },
    defaultHelp: async () => '60s',
  }),
});

/** A time or a number of blocks. @throws ERR_USAGE */
function paceOf(text: string): Pace {
  const [, blocks] = /^(\d{1,6}) ?b(?:locks?)?$/.exec(text.trim()) ?? [];
  if (blocks !== undefined && Number(blocks) > 0) return { blocks: Number(blocks) };
  const ms = parseDuration(/^\d+$/.test(text.trim()) ? `${text.trim()}s` : text);
  if (ms !== undefined) return { ms };
  throw new Sv72Error('ERR_USAGE', `"${text.slice(0, 40)}" is neither a time nor a number of blocks.`, {
    next: 'Give a time such as 90s, 30m or 1h30m (at most 30d), or blocks such as 5blocks.',
  });
}
