import { dirname, join, resolve } from 'node:path';
import { dataFolder, expandHome, ourSurroundings, type Settings } from '../config/index.ts';
import { type LookOptions, look, type Outlook } from '../refresh/index.ts';
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
    const at = ourSurroundings();
    const { path } = settings.store;
    return path === null ? join(dataFolder(at), 'sv72.db') : resolve(at.cwd, expandHome(path, at.home));
  }

  /** Everything that is due. @param chain whether registrations are looked at, too */
  protected async look(
    settings: Settings,
    flags: LookFlags,
    dryRun: boolean,
    chain: boolean,
  ): Promise<Outlook> {
    const store = this.storePath(settings);
    const options: LookOptions = {
      settings,
      at: ourSurroundings(),
      store,
      folder: dirname(store),
      hotkeys: this.hotkeys(settings),
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

  /** Addresses of the hotkeys of the settings, as far as they can be read without a password. */
  private hotkeys({ wallet }: Settings): string[] {
    const { home } = ourSurroundings();
    const found = listWallet(expandHome(wallet.path, home), wallet.name)?.hotkeys ?? [];
    return wallet.hotkeys.flatMap((name) => found.find((hotkey) => hotkey.name === name)?.ss58 ?? []);
  }
}
