import { resolve } from 'node:path';
import { checkJob, thisMachine } from './checks.ts';
import { planContainer } from './container.ts';
import { usedGpus } from './gpu/choose.ts';
import { listGpus } from './gpu/nvidia-smi.ts';
import { passedOn } from './job-environment.ts';
import type { LaunchPlan } from './launch.ts';
import { planLocal } from './local.ts';
import { chooseRuntime } from './runtime.ts';
import type { Check, JobOptions, JobSpec, Runtime } from './types.ts';

export interface Prepared {
  readonly runtime: Runtime;
  readonly plan: LaunchPlan;
  readonly checks: readonly Check[];
}

/**
 * Finds out how a job would run here; nothing is downloaded, made or started.
 * @param imagine a GPU that is not here is taken for granted
 * @throws ERR_JOB_RUNTIME, ERR_JOB_NO_GPU, ERR_JOB_DRIVER, and what the runtime's own plan throws
 */
export async function prepareJob(
  spec: JobSpec,
  id: string,
  options: JobOptions,
  imagine = false,
): Promise<Prepared> {
  const absolute = { ...spec, mounts: spec.mounts.map((mount) => ({ ...mount, host: resolve(mount.host) })) };
  const gpus = spec.gpus === 'none' ? [] : await listGpus(passedOn(options.env));
  const used = usedGpus(spec, gpus, imagine);
  const runtime = await chooseRuntime(options.runtime, options.env);
  const plan =
    runtime.name === 'local'
      ? await planLocal(absolute, id, used, options)
      : await planContainer(absolute, id, used, runtime.engine, options);
  const checks = await checkJob(absolute, runtime.name, used, plan.downloads, thisMachine());
  return { runtime: runtime.name, plan, checks };
}
