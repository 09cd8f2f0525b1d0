import { join } from 'node:path';
import { expandHome, readIfThere, type Surroundings, variable } from './files.ts';
import { resolveNetwork } from './networks.ts';
import { OPTIONS, type OptionKey, type OptionNames } from './options.ts';

/** Settings found in a file of another tool. */
export interface ForeignFile {
  readonly path: string;
  /** Text or value by setting, as found. */
  readonly values: ReadonlyMap<OptionKey, string>;
}

const entries = Object.entries(OPTIONS) as [OptionKey, OptionNames][];

function pick(
  found: Readonly<Record<string, unknown>>,
  names: (option: OptionNames) => readonly string[],
): Map<OptionKey, string> {
  const values = new Map<OptionKey, string>();
  for (const [key, option] of entries) {
    for (const name of names(option)) {
      const value = found[name];
      if (
        typeof value === 'number' ||
        typeof value === 'boolean' ||
        (typeof value === 'string' && value !== '')
      ) {
        values.set(key, String(value));
        break;
      }
    }
  }
  return values;
}

/** KEY=VALUE lines as shells and dotenv read them: `export`, quotes and comments; the last of a name wins. */
export function parseEnvFile(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (!match?.[1] || match[2] === undefined) continue;
    const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(match[2]);
    found[match[1]] = quoted?.[2] ?? match[2].replace(/(^|\s)#.*$/, '').trim();
  }
  return found;
}

/** Settings of the official miner's miner.env. Names of devices and networks become ours. */
export function fromMinerEnv(text: string): { values: Map<OptionKey, string>; unused: string[] } {
  const found = parseEnvFile(text);
  const values = pick(found, (option) => option.minerEnv ?? []);
  const network = values.get('network');
  if (network !== undefined && !resolveNetwork(network) && found.SUBTENSOR_NETWORK) {
    values.set('network', found.SUBTENSOR_NETWORK);
  } else if (network !== undefined) {
    values.set('network', resolveNetwork(network)?.name ?? network);
  }
  const device = values.get('profiles.*.device');
  if (device !== undefined)
    values.set('profiles.*.device', /^(cuda|gpu)/i.test(device) ? 'cuda' : device.toLowerCase());
  const used = new Set(entries.flatMap(([, option]) => option.minerEnv ?? []));
  return { values, unused: Object.keys(found).filter((name) => !used.has(name)) };
}

async function readForeign(
  path: string,
  parse: (text: string) => Map<OptionKey, string> | Promise<Map<OptionKey, string>>,
  warnings: string[],
): Promise<ForeignFile | undefined> {
  try {
    const text = await readIfThere(path);
    return text === undefined ? undefined : { path, values: await parse(text) };
  } catch {
    warnings.push(`${path} belongs to another tool and cannot be read as its settings; it is left out.`);
    return undefined;
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not a map');
  return value as Record<string, unknown>;
}

/**
 * What other tools left on this machine, strongest first: btcli 11's btcli.json, btcli 9's config.yml,
 * and a miner.env in the current folder. They are read, never written; a broken one is a warning.
 */
export async function readForeignFiles(at: Surroundings, warnings: string[]): Promise<ForeignFile[]> {
  const place = (name: string, fallback: string) => {
    const given = variable(at, name);
    return given === undefined ? join(at.home, '.bittensor', fallback) : expandHome(given, at.home);
  };
  const found = await Promise.all([
    readForeign(
      place('BTCLI_CONFIG', 'btcli.json'),
      (text) => pick(object(JSON.parse(text)), (option) => (option.btcli11 ? [option.btcli11] : [])),
      warnings,
    ),
    readForeign(
      place('BTCLI_CONFIG_PATH', 'config.yml'),
      async (text) => {
        const { parse } = await import('yaml');
        return pick(object(parse(text) ?? {}), (option) => (option.btcli9 ? [option.btcli9] : []));
      },
      warnings,
    ),
    readForeign(join(at.cwd, 'miner.env'), (text) => fromMinerEnv(text).values, warnings),
  ]);
  return found.filter((file) => file !== undefined);
}
