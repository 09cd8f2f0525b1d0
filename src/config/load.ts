import { Sv72Error } from '../errors/index.ts';
import { configPath, ourSurroundings, readIfThere, type Surroundings, variable } from './files.ts';
import { readForeignFiles } from './foreign.ts';
import { OPTIONS, type OptionKey, ownVariable } from './options.ts';
import { type ProfileName, type Settings, settingsSchema } from './schema/index.ts';
import { type Leaf, parseText, setAt, settingsTree } from './tree.ts';
import { parseConfigFile } from './yaml-file.ts';

/** Where a value came from. `name` is the flag, the variable or the file. */
export interface Origin {
  readonly from: 'flag' | 'environment' | 'file' | 'btcli' | 'miner.env' | 'default';
  readonly name: string;
}

export interface LoadOptions {
  /** Flags that were typed, by setting; never values that a flag only took from its variable or default. */
  readonly flags?: ReadonlyMap<OptionKey, string | number | boolean | readonly string[]>;
  /** --config */
  readonly config?: string | undefined;
  readonly at?: Surroundings;
}

export interface Loaded {
  readonly settings: Settings;
  /** Origin by key; `profiles.speed.device`, not `profiles.*.device`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The sv72.yaml that was looked for. */
  readonly path: string;
  readonly exists: boolean;
  /** Things to tell the user on stderr, one sentence each. */
  readonly warnings: readonly string[];
}

interface Layer {
  readonly origin: Origin;
  readonly values: ReadonlyMap<string, unknown>;
}

const PROFILES: readonly ProfileName[] = ['speed', 'accuracy', 'video'];

/** `profiles.*` names the profile in use, which is known only when all layers but that are. */
function concrete(key: string, profile: string): string {
  return key.replace('profiles.*', `profiles.${profile}`);
}

function leafOf(key: string): Leaf {
  const leaf = settingsTree().leaves.get(concrete(key, 'speed'));
  if (!leaf) throw new Sv72Error('ERR_BUG', `There is no setting called ${key}.`);
  return leaf;
}

function badValue(key: string, origin: Origin, reason: string): Sv72Error {
  const where = origin.from === 'flag' ? origin.name : `${key} from ${origin.name}`;
  return new Sv72Error('ERR_CONFIG_VALUE', `${where} is not valid: ${reason}.`, {
    details: { key, from: origin.from, name: origin.name },
  });
}

function environmentLayers(at: Surroundings): Layer[] {
  const layers: Layer[] = [];
  const take = (key: string, name: string) => {
    const text = variable(at, name);
    if (text === undefined) return;
    const origin: Origin = { from: 'environment', name };
    const parsed = parseText(leafOf(key), text);
    if ('reason' in parsed) throw badValue(key, origin, parsed.reason);
    layers.push({ origin, values: new Map([[key, parsed.value]]) });
  };
  for (const [key, option] of Object.entries(OPTIONS)) {
    for (const name of [...('env' in option ? option.env : [])].reverse()) take(key, name);
  }
  for (const key of Object.keys(OPTIONS)) if (key.includes('*')) take(key, ownVariable(key));
  for (const key of settingsTree().leaves.keys()) take(key, ownVariable(key));
  return layers;
}

function flagLayer(flags: NonNullable<LoadOptions['flags']>): Layer[] {
  return [...flags].map(([key, given]) => {
    const origin: Origin = { from: 'flag', name: `--${OPTIONS[key].flag}` };
    const text = Array.isArray(given) ? given.join(',') : String(given);
    const parsed = parseText(leafOf(key), text);
    if ('reason' in parsed) throw badValue(key, origin, parsed.reason);
    return { origin, values: new Map([[key, parsed.value]]) };
  });
}

/**
 * The effective configuration: flag > environment (SV72_ before BT_) > sv72.yaml > what btcli or the
 * official miner left here > default; with the origin of every value.
 * @throws ERR_CONFIG_FILE, ERR_CONFIG_VALUE, ERR_CONFIG_MISSING
 */
export async function loadSettings(options: LoadOptions = {}): Promise<Loaded> {
  const at = options.at ?? ourSurroundings();
  const warnings: string[] = [];
  const path = configPath(at, options.config);
  const text = await readIfThere(path);
  if (text === undefined && (options.config !== undefined || variable(at, 'SV72_CONFIG') !== undefined)) {
    throw new Sv72Error('ERR_CONFIG_MISSING', `There is no configuration file ${path}.`, {
      details: { path },
    });
  }

  const layers: Layer[] = [];
  for (const file of (await readForeignFiles(at, warnings)).reverse()) {
    const name = file.path;
    const from = name.endsWith('miner.env') ? 'miner.env' : 'btcli';
    const values = new Map<string, unknown>();
    for (const [key, found] of file.values) {
      const parsed = parseText(leafOf(key), found);
      if ('reason' in parsed) warnings.push(`${name}: its ${key} is not one sv72 knows, so it is left out.`);
      else values.set(key, parsed.value);
    }
    layers.push({ origin: { from, name }, values });
  }
  if (text !== undefined) {
    layers.push({ origin: { from: 'file', name: path }, values: await parseConfigFile(text, path) });
  }
  layers.push(...environmentLayers(at));
  if (options.flags) layers.push(...flagLayer(options.flags));

  const chosen = layers.reduce<unknown>((last, layer) => layer.values.get('profile') ?? last, 'speed');
  const profile = PROFILES.find((known) => known === chosen) ?? 'speed';
  const tree: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const key of settingsTree().leaves.keys()) origins.set(key, { from: 'default', name: 'default' });
  for (const layer of layers) {
    for (const [key, value] of layer.values) {
      setAt(tree, concrete(key, profile), value);
      origins.set(concrete(key, profile), layer.origin);
    }
  }
  return { settings: settingsSchema.parse(tree), origins, path, exists: text !== undefined, warnings };
}
