import { Flags } from '@oclif/core';
import { Sv72Error } from '../errors/index.ts';
import {
  connectionFlags,
  networkFlags,
  settingFlag,
  settingListFlag,
  walletFlags,
  withEnv,
} from '../ui/index.ts';

/** Where dates of submission come from. */
export const dateFlags = {
  ...walletFlags,
  hotkey: settingListFlag('wallet.hotkeys'),
  repo: settingFlag('hub.repo'),
  'hub-url': settingFlag('hub.url'),
  store: settingFlag('store.path'),
  ...withEnv({
    since: Flags.custom<number>({
      summary:
        'date of submission of the hotkeys’ models, instead of what was found: 2027-01-31, with a time, or Unix seconds',
      parse: async (text) => secondsOf(text),
    })(),
    offline: Flags.boolean({ summary: 'ask neither the Hub nor the chain; cards count as last seen' }),
  }),
};

/** As `dateFlags`, for what looks at the chain, too. */
export const lookFlags = { ...dateFlags, ...networkFlags, ...connectionFlags };

const SECONDS_END = 100_000_000_000;

/** Unix seconds of a date. Without a zone it is in UTC. @throws ERR_USAGE */
export function secondsOf(text: string): number {
  const word = text.trim();
  if (/^\d{9,11}$/.test(word) && Number(word) < SECONDS_END) return Number(word);
  const [, date, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(word) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time.replace(/^T/, '')}${zone}`);
  // Date.parse makes the third of March of the thirtieth of February.
  const real = date !== undefined && new Date(`${date}T00:00Z`).toJSON()?.slice(0, 10) === date;
  if (!Number.isNaN(ms) && real) return Math.floor(ms / 1000);
  throw new Sv72Error(
    'ERR_USAGE',
    `"${text.slice(0, 40)}" is no date; --since takes one such as 2027-01-31.`,
  );
}
