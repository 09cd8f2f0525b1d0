import { type ProfileSettings, type StageSettings, stageProfile } from '../config/index.ts';
import type { PlannedServer } from './server-plan.ts';

/** One model of a profile, and where it runs. */
export interface StagePlan {
  readonly name: string;
  /** The profile's fields, and over them those of the stage. */
  readonly profile: ProfileSettings;
  readonly bundleDir: string;
  /** null: its model runs here. */
  readonly server: PlannedServer | null;
  readonly tta: StageSettings['tta'];
  readonly costPer1000: number;
}

/** Finds out what the fields of a profile mean on this machine. */
export interface StageLookup {
  readonly bundleDirOf: (profile: ProfileSettings) => string;
  /** @param place of the stage, from 0 */
  readonly serverOf: (profile: ProfileSettings, place: number) => PlannedServer | null;
}

/** Name of the one stage of a profile that lists none. */
const ONLY = 'model';

/** The models of a profile in the order in which they are asked; the profile's own one where it lists none. */
export function planStages(profile: ProfileSettings, { bundleDirOf, serverOf }: StageLookup): StagePlan[] {
  const stages: readonly StageSettings[] =
    profile.stages.length > 0 ? profile.stages : [{ name: ONLY, tta: 'none', cost_per_1000: 0 }];
  return stages.map((stage, place) => {
    const whole = stageProfile(profile, stage);
    return {
      name: stage.name,
      profile: whole,
      bundleDir: bundleDirOf(whole),
      server: serverOf(whole, place),
      tta: stage.tta,
      costPer1000: stage.cost_per_1000,
    };
  });
}
