import { existsSync, readdirSync } from 'node:fs';
import { totalmem, userInfo } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import {
  type ConfiguredMiner,
  cacheFolder,
  configPath,
  dataFolder,
  expandHome,
  type ProfileSettings,
  profileRuns,
  readIfThere,
  type Settings,
  type Surroundings,
  settingsOfMiner,
} from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { listGpus } from '../../jobs/index.ts';
import { minersText, type ServiceChoice } from './choice.ts';
import type { ServiceEngines, ServiceSpec } from './units.ts';

export interface SpecOptions {
  readonly settings: Settings;
  readonly choice: ServiceChoice;
  readonly surroundings: Surroundings;
  readonly packageRoot: string;
  /** Of Node.js. */
  readonly node: string;
  readonly user: string;
  readonly scope: 'user' | 'system';
  /** null: the only one. */
  readonly name: string | null;
  /** As --config named it. */
  readonly config: string | undefined;
  /** null: as `usualMemory` has it. */
  readonly memoryMib: number | null;
  /** Of this machine, where left out. */
  readonly totalMib?: number;
  /** Whether there is a GPU here. */
  readonly gpus: boolean;
}

const MIB = 2 ** 20;
/** Open files of a miner: its connections, those that made room, and the rest. */
const FILES_BESIDE = 3_072;

/** What a service of this user's miners is made of. */
export function serviceSpec(options: SpecOptions): ServiceSpec {
  const { settings, surroundings, packageRoot, node, name, gpus } = options;
  const { miners, command } = options.choice;
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const file = configPath(surroundings, options.config);
  const configHome = surroundings.env.XDG_CONFIG_HOME || join(surroundings.home, '.config');
  const { store, chain, wallet, axon } = settings;
  const profiles = miners.map((miner) => settingsOfMiner(settings, miner).profiles[miner.profile]);
  const embedded = new Map(
    profiles
      .flatMap(profileRuns)
      .filter(({ engine }) => engine === 'onnx')
      .map((run) => [JSON.stringify([run.bundle, run.device, run.precision, run.variant]), run]),
  );
  const models = Math.max(1, embedded.size);
  const folder = namesRelative(settings, profiles) ? surroundings.cwd : surroundings.home;
  return {
    name: name === null ? 'sv72-serve' : `sv72-serve-${name}`,
    scope: options.scope,
    user: options.user,
    home: surroundings.home,
    program: [node, join(packageRoot, 'bin', 'run.js')],
    config: options.config !== undefined || existsSync(file) ? file : null,
    command,
    about: minersText(miners),
    folder,
    writable: [
      ...new Set([
        dataFolder(surroundings),
        cacheFolder(surroundings),
        ...(store.path === null ? [] : [dirname(path(store.path))]),
        ...(chain.cache === null ? [] : [path(chain.cache)]),
      ]),
    ],
    coldkeys: coldkeysIn(path(wallet.path), wallet.name),
    engines: enginesOf(miners, profiles, path),
    memoryMib: options.memoryMib ?? usualMemory(models, options.totalMib ?? Math.round(totalmem() / MIB)),
    models,
    files: Math.max(65_536, miners.length * (axon.max_connections + FILES_BESIDE)),
    gpu: gpus && [...embedded.values()].some(({ device }) => device !== 'cpu'),
    environmentFile: join(configHome, 'sv72', 'serve.env'),
  };
}

/**
 * Half of the machine's memory: at least 2 GiB and 1 more for each further model, as far as three quarters of the machine
 * have that, and at most 16 GiB for each. MiB.
 */
export function usualMemory(models: number, totalMib: number): number {
  const least = Math.min(2_048 + 1_024 * (models - 1), Math.max(2_048, Math.round(totalMib * 0.75)));
  return Math.min(16_384 * models, Math.max(least, Math.round(totalMib / 2)));
}

/** All of the folder: strangers talk to the miner, and whose money it is does not matter to them. */
function coldkeysIn(wallets: string, own: string): string[] {
  const names = existsSync(wallets) ? readdirSync(wallets) : [];
  const others = names.filter((name) => existsSync(join(wallets, name, 'coldkey'))).sort();
  return [...new Set([own, ...others])].map((name) => join(wallets, name, 'coldkey'));
}

/** Each profile, and each bundle in its place, once. */
function enginesOf(
  miners: readonly ConfiguredMiner[],
  profiles: readonly ProfileSettings[],
  path: (given: string) => string,
): ServiceEngines[] {
  const found = new Map<string, ServiceEngines>();
  for (const [index, { profile, bundle }] of miners.entries()) {
    if (profiles[index]?.launch !== 'auto') continue;
    const own = bundle === null || bundle === 'demo' ? bundle : path(bundle);
    found.set(`${profile} ${own}`, { profile, bundle: own });
  }
  return [...found.values()];
}

/** Whether paths in the settings count from the folder that one is in. */
function namesRelative({ callers, store, chain, wallet }: Settings, profiles: readonly ProfileSettings[]) {
  const files = profiles.flatMap(({ cascade, ...profile }) => [
    cascade,
    ...profileRuns({ cascade, ...profile }).flatMap(({ engine, bundle, server }) => [
      engine === 'openai' || bundle === 'demo' ? null : bundle,
      server.token_file,
    ]),
  ]);
  return [callers.file, store.path, chain.cache, wallet.path, ...files].some(
    (given) => given !== null && !isAbsolute(given) && !given.startsWith('~'),
  );
}

/** What the service will not have that this shell has. */
export function serviceWarnings(spec: ServiceSpec, { env }: Surroundings): string[] {
  const variables = Object.keys(env)
    .filter((name) => name.startsWith('SV72_') && name !== 'SV72_CONFIG')
    .sort();
  return [
    ...(variables.length === 0
      ? []
      : [
          `${variables.join(', ')} ${variables.length === 1 ? 'is' : 'are'} set here and will not be there: put what is needed into ${spec.environmentFile}.`,
        ]),
    ...(spec.config === null
      ? ['There is no configuration file, so the service runs with defaults (`sv72 init` makes one).']
      : []),
    ...(spec.folder === spec.home
      ? []
      : [`Relative paths of the settings count from ${spec.folder}, which has to stay where it is.`]),
  ];
}

/**
 * As `serviceSpec`, for this machine's GPUs and the home of whom it runs as.
 *
 * @throws Sv72Error ERR_USAGE when there is no such user
 */
export async function serviceFor(options: Omit<SpecOptions, 'gpus'>): Promise<ServiceSpec> {
  const { surroundings, user } = options;
  const gpus = (await listGpus(surroundings.env)).length > 0;
  if (user === userInfo().username) return serviceSpec({ ...options, gpus });
  const home = homeOf(user, (await readIfThere('/etc/passwd')) ?? '');
  if (home === undefined) throw new Sv72Error('ERR_USAGE', `There is no user ${user} on this machine.`);
  // Where this user's variables put things says nothing of the other's.
  return serviceSpec({ ...options, gpus, surroundings: { ...surroundings, env: {}, home } });
}

/** Home folder of a user, by the lines of /etc/passwd. */
export function homeOf(user: string, passwd: string): string | undefined {
  const line = passwd.split('\n').find((text) => text.startsWith(`${user}:`));
  const home = line?.split(':')[5];
  return home === undefined || home === '' ? undefined : home;
}
