import type { ProfileSettings, StageSettings } from './schema/index.ts';

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
