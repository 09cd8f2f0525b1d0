import { userInfo } from 'node:os';
import type { ProfileSettings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type UpOptions, type UpServer, upServers } from './up.ts';
import { wantedModels } from './wanted.ts';

export type EnsureOptions = Omit<UpOptions, 'person' | 'runtime' | 'signal'> &
  Partial<Pick<UpOptions, 'person' | 'runtime'>> & {
    /** Who says that it is to stop: this process. */
    readonly signals?: SignalSource;
    /** Told of a profile whose servers cannot be started; unless it throws, the next one's are. Default: it ends here. */
    readonly onFailed?: (profileName: string, error: Sv72Error) => void;
  };

interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** A profile and what it is called. */
export interface NamedProfile {
  readonly profileName: string;
  readonly profile: ProfileSettings;
}

/**
 * Before a miner starts: sees to it that the servers of its profiles run, where those say `launch: auto`. Servers that
 * run already, whoever started them, are taken as they are. SIGINT and SIGTERM give it up.
 *
 * @returns none where nothing is to be launched
 * @throws what `upServers` throws
 */
export async function ensureServers(
  profiles: readonly NamedProfile[],
  { signals = process, onFailed, ...options }: EnsureOptions,
): Promise<UpServer[]> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signals.on('SIGINT', abort);
  signals.on('SIGTERM', abort);
  try {
    const up: UpServer[] = [];
    const done = new Set<string>();
    for (const { profileName, profile } of profiles) {
      if (profile.launch === 'none') continue;
      // What two profiles share is started by the first.
      const models = wantedModels(profileName, profile, options).filter(
        ({ server }) => server === null || !done.has(server.url),
      );
      if (models.every(({ server }) => server === null)) continue;
      const { signal } = stop;
      try {
        const started = await upServers(models, { runtime: 'auto', person: ourPerson(), ...options, signal });
        for (const { url } of started) done.add(url);
        up.push(...started);
      } catch (error) {
        if (!(error instanceof Sv72Error) || error.code === 'ERR_INTERRUPTED' || onFailed === undefined)
          throw error;
        onFailed(profileName, error);
      }
    }
    return up;
  } finally {
    signals.off('SIGINT', abort);
    signals.off('SIGTERM', abort);
  }
}

/** Who runs this program. */
export function ourPerson(): UpOptions['person'] {
  const { uid, gid } = userInfo();
  return { uid, gid };
}
