import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Chain } from '../chain/index.ts';
import {
  dataFolder,
  effectiveNetuid,
  expandHome,
  type Loaded,
  minersInView,
  type Surroundings,
  storeFile,
} from '../config/index.ts';
import { listWallet, withoutPasswords } from '../wallet/index.ts';
import { modelsOf } from './models.ts';
import { runProgram } from './program.ts';
import type { DoctorContext } from './types.ts';

export interface ContextOptions {
  readonly loaded: Pick<Loaded, 'settings' | 'origins'>;
  readonly surroundings: Surroundings;
  readonly packageRoot: string;
  /** Makes the one connection that all checks share. */
  readonly connect: () => Promise<Chain>;
}

/**
 * What the checks look at on this machine: all miners that the settings list, or those of `serve`. The chain is connected to when the first
 * check asks for it.
 */
export function doctorContext(options: ContextOptions): DoctorContext {
  const { loaded, surroundings, packageRoot } = options;
  const { settings } = loaded;
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const data = dataFolder(surroundings);
  const { miners } = minersInView(loaded);
  const wallets = path(settings.wallet.path);
  const listed = listWallet(wallets, settings.wallet.name)?.hotkeys ?? [];
  let chain: Promise<Chain> | undefined;
  return {
    settings,
    surroundings,
    packageRoot,
    netuid: effectiveNetuid(settings),
    paths: {
      wallets,
      data,
      store: storeFile(settings, surroundings),
    },
    miners: miners.map(({ hotkey: name, profile, port, externalPort }) => ({
      ...{ name, profile, port, externalPort },
      ss58: listed.find((hotkey) => hotkey.name === name)?.ss58,
      listed: settings.miners.some(({ hotkey }) => hotkey === name),
    })),
    models: modelsOf(settings, miners, { path, packageRoot }),
    chain: () => {
      chain ??= options.connect();
      return chain;
    },
    program: (file, args) => runProgram(file, args, withoutPasswords(surroundings.env)),
    readText: (file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    platform: process.platform,
    now: Date.now,
    root: process.getuid?.() === 0,
  };
}
