import { prepareJob } from './prepare.ts';
import { shownCommand } from './shown.ts';
import type { JobOptions, JobPlan, JobSpec } from './types.ts';

/**
 * What `runJob` would do: the exact commands, and what was checked. Nothing is downloaded, made or started.
 * An engine or a GPU that is not here is a failed check, and the commands are those for a machine that has it.
 * @throws ERR_JOB_PYTHON, ERR_JOB_LOCK_FILE
 */
export async function planJob(spec: JobSpec, options: JobOptions): Promise<JobPlan> {
  const { runtime, plan, checks } = await prepareJob(spec, `${spec.kind}-dry-run`, options, true);
  return {
    runtime,
    image: plan.image,
    commands: [...plan.preparing, shownCommand(plan.launch)],
    environment: plan.launch.own,
    secrets: Object.keys(spec.secrets ?? {}),
    checks,
  };
}
