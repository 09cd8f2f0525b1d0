import { resolve } from 'node:path';
import { expandHome, type ProfileSettings, type Settings, type Surroundings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { demoBundle } from './package-files.ts';
import { planServer } from './server-plan.ts';
import { planStages, type StagePlan } from './stages.ts';
import { unusedFields } from './unused.ts';

/** The models of a profile. */
export interface ProfilePlan {
  readonly profile: ProfileSettings;
  /** In the order in which they are asked, at least one. */
  readonly stages: readonly StagePlan[];
  /** File of `cascade fit`; null: the stages are weighed alike, and all are asked. */
  readonly cascade: string | null;
  /** What was given and is not used, a sentence each. */
  readonly unused: readonly string[];
}

/**
 * What the profile of the settings is made of on this machine.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_CASCADE_STAGES
 */
export function planProfile({
  settings,
  surroundings,
  packageRoot,
  firstBundle,
}: {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
  /** Takes the place of the first stage's bundle, as `deploy` would have it. */
  readonly firstBundle?: string | undefined;
}): ProfilePlan {
  const configured = settings.profiles[settings.profile];
  const profile = firstBundle === undefined ? configured : withFirstBundle(configured, firstBundle);
  const path = (given: string) => resolve(surroundings.cwd, expandHome(given, surroundings.home));
  const stages = planStages(profile, {
    bundleDirOf: ({ bundle }) => (bundle === 'demo' ? demoBundle(packageRoot) : path(bundle)),
    serverOf: (one) => planServer(one, surroundings),
  });
  return {
    profile,
    stages,
    cascade: profile.cascade === null ? null : path(profile.cascade),
    unused: unusedFields(settings.profile, profile, stages),
  };
}

/** @throws Sv72Error ERR_CASCADE_STAGES where the first stage asks a server's own model */
function withFirstBundle(profile: ProfileSettings, bundle: string): ProfileSettings {
  const [first, ...others] = profile.stages;
  if ((first?.engine ?? profile.engine) === 'openai') {
    throw new Sv72Error(
      'ERR_CASCADE_STAGES',
      "The first stage of the profile asks a server's own model, so no bundle can take its place.",
    );
  }
  return first === undefined
    ? { ...profile, bundle }
    : { ...profile, stages: [{ ...first, bundle }, ...others] };
}
