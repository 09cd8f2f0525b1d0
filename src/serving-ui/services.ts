import { join } from 'node:path';
import { ourSurroundings } from '../config/index.ts';
import { type FoundService, findServices, type Systemctl, systemctl } from '../serving/index.ts';

/** The services of sv72 that this user, or the machine, has. */
export async function ourServices(): Promise<FoundService[]> {
  const { env, home } = ourSurroundings();
  return await findServices({ configHome: env.XDG_CONFIG_HOME || join(home, '.config') }, systemdOf);
}

export function systemdOf(scope: 'user' | 'system'): Systemctl {
  return systemctl(scope, ourSurroundings().env);
}
