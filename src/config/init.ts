import { Sv72Error } from '../errors/index.ts';
import type { SettingValue } from './effective.ts';
import { expandHome, ourSurroundings, readIfThere, type Surroundings, writeWhole } from './files.ts';
import { fromMinerEnv } from './foreign.ts';
import type { Loaded } from './load.ts';
import { effectiveNetuid } from './networks.ts';
import { OPTIONS } from './options.ts';
import { configTemplate } from './template.ts';
import { getAt, parseText, settingsTree } from './tree.ts';
import { parseConfigFile } from './yaml-file.ts';

/** One of the few questions that matter, with what Enter takes. */
export interface InitQuestion {
  readonly key: string;
  readonly flag: string;
  readonly message: string;
  readonly default: string;
  readonly validate: (text: string) => true | string;
}

/** What `init` will write; `answer` puts a person's answer in. */
export interface InitPlan {
  readonly path: string;
  readonly questions: readonly InitQuestion[];
  readonly chosen: Map<string, SettingValue>;
  readonly unused: readonly string[];
  readonly schemaLocation: string;
  answer(key: string, text: string): void;
}

const ASKED = {
  'wallet.name': 'Wallet (coldkey) name:',
  'wallet.hotkeys': 'Hotkeys to mine with (commas between):',
  'wallet.path': 'Folder of the wallets:',
  network: 'Network (finney is mainnet, test is testnet):',
  'axon.port': 'Port that validators reach:',
  profile: 'Profile (speed, accuracy, video):',
} as const;

/**
 * Prepares a new sv72.yaml from what is in effect now (flags, variables, files of btcli) and, if given, a miner.env,
 * whose settings yield to typed flags only.
 * @throws ERR_CONFIG_EXISTS, ERR_FILE_READ, ERR_CONFIG_VALUE
 */
export async function planInit(options: {
  loaded: Loaded;
  minerEnv?: string | undefined;
  overwrite: boolean;
  /** Where editors find the JSON Schema of the file. */
  schemaLocation: string;
  at?: Surroundings;
}): Promise<InitPlan> {
  const { loaded, overwrite } = options;
  const at = options.at ?? ourSurroundings();
  const { leaves } = settingsTree();
  if (loaded.exists && !overwrite) {
    throw new Sv72Error('ERR_CONFIG_EXISTS', `${loaded.path} exists already.`, {
      details: { path: loaded.path },
    });
  }
  const chosen = new Map<string, SettingValue>();
  const take = (key: string) => {
    const value = key === 'netuid' ? effectiveNetuid(loaded.settings) : getAt(loaded.settings, key);
    chosen.set(key, value as SettingValue);
  };
  for (const [key, origin] of loaded.origins) if (origin.from !== 'default') take(key);
  for (const key of Object.keys(ASKED)) take(key);

  const answer = (key: string, text: string) => {
    const leaf = leaves.get(key);
    const parsed = leaf ? parseText(leaf, text) : { reason: 'it is not a setting' };
    if ('reason' in parsed) {
      throw new Sv72Error('ERR_CONFIG_VALUE', `${key} cannot be ${JSON.stringify(text)}: ${parsed.reason}.`);
    }
    chosen.set(key, parsed.value as SettingValue);
  };

  let unused: string[] = [];
  if (options.minerEnv !== undefined) {
    const path = expandHome(options.minerEnv, at.home);
    const text = await readIfThere(path);
    if (text === undefined)
      throw new Sv72Error('ERR_FILE_READ', `There is no file ${path}.`, { details: { path } });
    const found = fromMinerEnv(text);
    unused = found.unused;
    for (const [option, value] of found.values) {
      const key = option.replace('profiles.*', `profiles.${loaded.settings.profile}`);
      if (loaded.origins.get(key)?.from !== 'flag') answer(key, value);
    }
  }

  const questions = Object.entries(ASKED)
    .filter(([key]) => loaded.origins.get(key)?.from !== 'flag')
    .map(([key, message]): InitQuestion => {
      const value = chosen.get(key);
      return {
        key,
        flag: OPTIONS[key as keyof typeof ASKED].flag,
        message,
        default: Array.isArray(value) ? value.join(',') : String(value),
        validate: (text) => {
          const leaf = leaves.get(key);
          const parsed = leaf ? parseText(leaf, text) : { reason: 'it is not a setting' };
          return 'reason' in parsed ? `That does not fit: ${parsed.reason}.` : true;
        },
      };
    });
  return {
    path: loaded.path,
    questions,
    chosen,
    unused,
    schemaLocation: options.schemaLocation,
    answer,
  };
}

/**
 * Writes the planned file.
 * @throws ERR_FILE_WRITE
 */
export async function writeInit(
  plan: InitPlan,
): Promise<{ path: string; settings: Record<string, SettingValue>; unused: string[] }> {
  const text = await configTemplate(plan.chosen, plan.schemaLocation);
  await parseConfigFile(text, plan.path);
  await writeWhole(plan.path, text);
  return { path: plan.path, settings: Object.fromEntries(plan.chosen), unused: [...plan.unused] };
}
