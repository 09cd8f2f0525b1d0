import {
  type ConfiguredMiner,
  type Loaded,
  listedMiners,
  plainMiners,
  type Settings,
} from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';

/** Which miners a service runs. */
export interface ServiceChoice {
  readonly miners: readonly ConfiguredMiner[];
  /** The command of sv72 that runs them. */
  readonly command: readonly string[];
  /** A sentence, where the settings would allow for another choice and nobody said which. */
  readonly remark: string | null;
}

/**
 * Chooses between `serve --all` and `serve`: all where the settings list any, unless a profile is named.
 *
 * @param all as it was given; undefined: nobody said
 * @throws Sv72Error ERR_NO_MINERS
 */
export function chooseMiners(
  { settings, origins }: Pick<Loaded, 'settings' | 'origins'>,
  all: boolean | undefined,
): ServiceChoice {
  const listed = listedMiners(settings);
  const named = origins.get('profile')?.from === 'flag';
  if (all === true && listed.length === 0) {
    throw new Sv72Error(
      'ERR_NO_MINERS',
      'The settings list no miners, so there is nothing for --all to serve.',
    );
  }
  const unsaid = all === undefined && listed.length > 0;
  const lists = `The settings list ${listed.length} ${listed.length === 1 ? 'miner' : 'miners'}`;
  if (all ?? (listed.length > 0 && !named)) {
    return {
      miners: listed,
      command: ['serve', '--all'],
      remark: unsaid
        ? `${lists}, so the service runs \`serve --all\`; with --no-all it would run ${plainText(settings)}.`
        : null,
    };
  }
  return {
    miners: plainMiners(settings),
    // A flag is not in the file that the service reads.
    command: ['serve', ...(named ? ['--profile', settings.profile] : [])],
    remark: unsaid
      ? `${lists}, but a profile is named, so the service runs ${plainText(settings)}; --all runs them all.`
      : null,
  };
}

function plainText({ wallet, profile }: Settings): string {
  return `${wallet.hotkeys.join(', ')} with the profile ${profile}`;
}

/** `hk1 (speed), hk2 (accuracy)`, as far as they fit on a line. */
export function minersText(miners: readonly ConfiguredMiner[]): string {
  const MOST = 6;
  const texts = miners.map(({ hotkey, profile }) => `${hotkey} (${profile})`);
  if (texts.length <= MOST) return texts.join(', ');
  return `${texts.slice(0, MOST - 1).join(', ')} and ${texts.length - MOST + 1} more`;
}
