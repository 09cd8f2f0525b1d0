import { existsSync } from 'node:fs';
import { totalmem, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  cacheFolder,
  configPath,
  dataFolder,
  expandHome,
  readIfThere,
  type Settings,
  type Surroundings,
} from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { listGpus } from '../../jobs/index.ts';
import type { ServiceSpec } from './units.ts';

export interface SpecOptions {
  readonly settings: Settings;
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
  /** null: half of the machine's, from 2 to 16 GiB. */
  readonly memoryMib: number | null;
  /** Whether there is a GPU here. */
  readonly gpus: boolean;
}

const MIB = 2 ** 20;

/** What a service of this user's miner is made of. */
function serviceSpec(options: SpecOptions): ServiceSpec {
  const { settings, surroundings, packageRoot, node, name, gpus } = options;
  const profile = settings.profiles[settings.profile];
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const file = configPath(surroundings, options.config);
  const store = settings.store.path === null ? [] : [dirname(path(settings.store.path))];
  const half = Math.round(totalmem() / 2 / MIB);
  const configHome = surroundings.env.XDG_CONFIG_HOME || join(surroundings.home, '.config');
  return {
    name: name === null ? 'sv72-serve' : `sv72-serve-${name}`,
    scope: options.scope,
    user: options.user,
    home: surroundings.home,
    program: [node, join(packageRoot, 'bin', 'run.js')],
    config: options.config !== undefined || existsSync(file) ? file : null,
    profile: settings.profile,
    writable: [...new Set([dataFolder(surroundings), cacheFolder(surroundings), ...store])],
    coldkeys: [join(path(settings.wallet.path), settings.wallet.name, 'coldkey')],
    launches: profile.launch === 'auto',
    memoryMib: options.memoryMib ?? Math.min(16_384, Math.max(2_048, half)),
    gpu: gpus && profile.device !== 'cpu',
    environmentFile: join(configHome, 'sv72', 'serve.env'),
  };
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
