import { resolve } from 'node:path';
import { expandHome, type ProfileSettings, type Settings, type Surroundings } from '../config/index.ts';
import { demoBundle } from './package-files.ts';
import { planServer } from './server-plan.ts';
import { planStages, type StagePlan } from './stages.ts';

/** The models of a profile. */
export interface ProfilePlan {
  readonly profile: ProfileSettings;
  /** In the order in which they are asked, at least one. */
  readonly stages: readonly StagePlan[];
  /** File of `cascade fit`; null: the stages are weighed alike, and all are asked. */
  readonly cascade: string | null;
}

/**
 * What the profile of the settings is made of on this machine.
 *
 * @throws Sv72Error ERR_SERVER_URL
 */
export function planProfile({
  settings,
  surroundings,
  packageRoot,
}: {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
}): ProfilePlan {
  const profile = settings.profiles[settings.profile];
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  return {
    profile,
    stages: planStages(profile, {
      bundleDirOf: ({ bundle }) => (bundle === 'demo' ? demoBundle(packageRoot) : path(bundle)),
      serverOf: (one) => planServer(one, surroundings),
    }),
    cascade: profile.cascade === null ? null : path(profile.cascade),
  };
}
