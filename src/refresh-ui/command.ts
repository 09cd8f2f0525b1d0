import { dirname } from 'node:path';
import {
  type ConfiguredMiner,
  expandHome,
  type Loaded,
  minersInView,
  ourSurroundings,
  type Settings,
  storeFile,
} from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type LookOptions, look, type Names, type Outlook } from '../refresh/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { listWallet } from '../wallet/index.ts';
import { readPlaces } from './places.ts';

interface LookFlags {
  readonly since?: number | undefined;
  readonly offline: boolean;
}

/** What the commands about the cycle share. */
export abstract class RefreshCommand extends Sv72Command {
  /** The store's file. */
  protected storePath(settings: Settings): string {
    return storeFile(settings, ourSurroundings());
  }

  /** Everything that is due. @param chain whether registrations are looked at, too */
  protected async look(loaded: Loaded, flags: LookFlags, dryRun: boolean, chain: boolean): Promise<Outlook> {
    const { settings } = loaded;
    const store = this.storePath(settings);
    const own = this.ownHotkeys(loaded);
    const hotkeys = own.map(({ ss58 }) => ss58);
    mustBeUsable(flags.since, hotkeys);
    const options: LookOptions = {
      settings,
      at: ourSurroundings(),
      store,
      folder: dirname(store),
      hotkeys,
      names: namesOf(own),
      since: flags.since,
      offline: flags.offline,
      dryRun,
      places:
        chain && !flags.offline && settings.refresh.registration
          ? async (hotkeys) => await readPlaces(settings, hotkeys)
          : undefined,
      now: Date.now(),
    };
    // Where nobody watches, as under cron, it is silent unless there is something to say.
    if (!this.interactive) return await look(options);
    return await this.progress('Looking what is due', async () => await look(options));
  }

  /** The miners of the settings whose addresses can be read without a password. */
  protected ownHotkeys(loaded: Loaded): OwnHotkey[] {
    const { wallet } = loaded.settings;
    const { home } = ourSurroundings();
    const found = listWallet(expandHome(wallet.path, home), wallet.name)?.hotkeys ?? [];
    return minersInView(loaded).miners.flatMap((miner) => {
      const { hotkey: name } = miner;
      const ss58 = found.find((hotkey) => hotkey.name === name)?.ss58;
      return ss58 === undefined ? [] : [{ name, ss58, miner }];
    });
  }
}

/** A miner of the settings. */
export interface OwnHotkey {
  /** Of its hotkey in the wallet. */
  readonly name: string;
  readonly ss58: string;
  readonly miner: ConfiguredMiner;
}

/** What they are called, where there are several to tell apart. */
export function namesOf(own: readonly OwnHotkey[]): Names | undefined {
  return own.length > 1 ? new Map(own.map(({ name, ss58 }) => [ss58, name])) : undefined;
}

const DAY_S = 86_400;

/** @throws ERR_USAGE for a date that is nobody's, or lies ahead by more than time zones explain */
function mustBeUsable(since: number | undefined, hotkeys: readonly string[]): void {
  if (since === undefined) return;
  if (hotkeys.length === 0) {
    throw new Sv72Error(
      'ERR_USAGE',
      '--since is about the hotkeys of the settings, and none of them is here.',
      {
        next: 'Name the wallet and the hotkey with -w and -H.',
      },
    );
  }
  if (since > Date.now() / 1000 + DAY_S) throw new Sv72Error('ERR_USAGE', '--since lies in the future.');
}
