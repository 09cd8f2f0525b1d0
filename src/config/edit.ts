import { Sv72Error } from '../errors/index.ts';
import type { SettingValue } from './effective.ts';
import { readIfThere, writeWhole } from './files.ts';
import { OPTIONS } from './options.ts';
import { parseText, settingsTree } from './tree.ts';
import { parseConfigFile } from './yaml-file.ts';

/**
 * The key a person means: a path of the schema, or a name btcli uses for it (`wallet_name`, `wallet`, `network`).
 * @throws ERR_CONFIG_KEY
 */
export function settingKey(given: string, profile: string): string {
  const { leaves, sections } = settingsTree();
  if (leaves.has(given)) return given;
  for (const [key, names] of Object.entries(OPTIONS)) {
    const known: readonly (string | undefined)[] = [
      names.flag,
      ...('aliases' in names ? names.aliases : []),
      'btcli9' in names ? names.btcli9 : undefined,
      'btcli11' in names ? names.btcli11 : undefined,
    ];
    if (known.includes(given)) return key.replace('profiles.*', `profiles.${profile}`);
  }
  const inside = sections.some((section) => section.key === given);
  throw new Sv72Error(
    'ERR_CONFIG_KEY',
    inside ? `${given} is a section, not a setting.` : `There is no setting called ${given}.`,
    { details: { key: given } },
  );
}

/**
 * Sets one value in sv72.yaml, keeping comments and everything else; makes the file if there is none.
 * @returns the value as stored
 * @throws ERR_CONFIG_VALUE, ERR_CONFIG_FILE when the file is broken already
 */
export async function setSetting(path: string, key: string, text: string): Promise<SettingValue> {
  const leaf = settingsTree().leaves.get(key);
  if (!leaf) throw new Sv72Error('ERR_CONFIG_KEY', `There is no setting called ${key}.`);
  const parsed = parseText(leaf, text);
  if ('reason' in parsed) {
    throw new Sv72Error('ERR_CONFIG_VALUE', `${key} cannot be set to that: ${parsed.reason}.`, {
      details: { key },
    });
  }
  const before = (await readIfThere(path)) ?? '';
  await parseConfigFile(before, path);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(before);
  document.setIn(key.split('.'), parsed.value);
  const after = document.toString();
  await parseConfigFile(after, path);
  await writeWhole(path, after);
  return parsed.value as SettingValue;
}

/**
 * Takes one value out of sv72.yaml.
 * @returns whether it was there
 */
export async function unsetSetting(path: string, key: string): Promise<boolean> {
  const before = await readIfThere(path);
  if (before === undefined) return false;
  await parseConfigFile(before, path);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(before);
  if (!document.hasIn(key.split('.'))) return false;
  document.deleteIn(key.split('.'));
  await writeWhole(path, document.toString());
  return true;
}
