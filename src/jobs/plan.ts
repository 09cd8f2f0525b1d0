import { prepareJob } from './prepare.ts';
import { shownCommand } from './shown.ts';
import type { JobOptions, JobPlan, JobSpec } from './types.ts';

/**
 * What `runJob` would do: the exact commands, and what was checked. Nothing is downloaded, made or started. A GPU that is
 * not here is taken for granted; the checks say so.
 * @throws as `runJob` does for a runtime or a Python that is not there
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
