import { userInfo } from 'node:os';
import type { ProfileName, Settings } from '../config/index.ts';
import { type UpOptions, type UpServer, upServers } from './up.ts';
import { wantedModels } from './wanted.ts';

export type EnsureOptions = Omit<UpOptions, 'person' | 'runtime'> &
  Partial<Pick<UpOptions, 'person' | 'runtime'>>;

/**
 * Before a miner starts: sees to it that the servers of its profile run, where the profile says `launch: auto`. Those that
 * run already, whoever started them, are taken as they are.
 *
 * @returns none where the profile launches nothing, or asks no server
 * @throws what `upServers` throws
 */
export async function ensureServers(
  settings: Settings,
  name: ProfileName,
  options: EnsureOptions,
): Promise<UpServer[]> {
  const profile = settings.profiles[name];
  if (profile.launch === 'none') return [];
  const models = wantedModels(name, profile, options);
  if (models.every(({ server }) => server === null)) return [];
  return await upServers(models, { runtime: 'auto', person: ourPerson(), ...options });
}

/** Who runs this program. */
export function ourPerson(): UpOptions['person'] {
  const { uid, gid } = userInfo();
  return { uid, gid };
}
