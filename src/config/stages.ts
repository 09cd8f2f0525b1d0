import type { ProfileSettings, StageSettings } from './schema/index.ts';

/** The models that a profile is made of, in the order in which they are asked: its stages, or itself. */
export function profileRuns(profile: ProfileSettings): ProfileSettings[] {
  if (profile.stages.length === 0) return [profile];
  return profile.stages.map((stage) => stageProfile(profile, stage));
}

/** The bundle of a profile that `deploy` replaces and the cycle trains anew. */
export interface ProfileBundle {
  /** As it is written: `demo` or a path. */
  readonly bundle: string;
  /** Of its stage, from 0; only that of the first one can be replaced while it is served. */
  readonly place: number;
}

/** The bundle of the first stage that has one; undefined: all of them ask a server's own model. */
export function profileBundle(profile: ProfileSettings): ProfileBundle | undefined {
  const runs = profileRuns(profile);
  const place = runs.findIndex(({ engine }) => engine !== 'openai');
  const bundle = runs[place]?.bundle;
  return bundle === undefined ? undefined : { bundle, place };
}

/** What a stage of a profile runs: its own fields, and the profile's where it says nothing. */
export function stageProfile(profile: ProfileSettings, stage: StageSettings): ProfileSettings {
  return {
    ...profile,
    engine: stage.engine ?? profile.engine,
    bundle: stage.bundle ?? profile.bundle,
    device: stage.device ?? profile.device,
    precision: stage.precision ?? profile.precision,
    variant: stage.variant ?? profile.variant,
    threads: stage.threads ?? profile.threads,
    processes: stage.processes ?? profile.processes,
    server: stage.server ?? profile.server,
  };
}
