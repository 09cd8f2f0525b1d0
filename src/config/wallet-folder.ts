import { configPath, ourSurroundings, readIfThere, type Surroundings, variable } from './files.ts';
import { readForeignFiles } from './foreign.ts';
import { OPTIONS, ownVariable } from './options.ts';

/** Used when nothing names another folder. */
export const DEFAULT_WALLET_PATH = '~/.bittensor/wallets';

/**
 * `wallet.path` as `loadSettings` finds it, without loading the schema, so that looking at wallets starts fast;
 * undefined when there is an sv72.yaml, which takes the schema to read.
 * @param flag the value of the flag, when it was typed
 * @param config --config
 */
export async function walletPathWithoutFile(
  flag: string | undefined,
  config: string | undefined,
  at: Surroundings = ourSurroundings(),
): Promise<string | undefined> {
  const chosen = config !== undefined || variable(at, 'SV72_CONFIG') !== undefined;
  if (chosen || (await readIfThere(configPath(at))) !== undefined) return undefined;
  const names = [ownVariable('wallet.path'), ...OPTIONS['wallet.path'].env];
  const value = flag ?? names.map((name) => variable(at, name)).find((found) => found !== undefined);
  if (value !== undefined) return value.trim() === '' ? undefined : value;
  const foreign = await readForeignFiles(at, []);
  return foreign.map(({ values }) => values.get('wallet.path')).find((found) => found) ?? DEFAULT_WALLET_PATH;
}
