import { tmpdir } from 'node:os';
import { hostPlace, localCommand } from './command.ts';
import { installEnvironment, planEnvironment } from './environment/install.ts';
import { findLockFile } from './environment/lock-file.ts';
import type { Gpu } from './gpu/nvidia-smi.ts';
import { passedOn, plainVariables, visibleGpus } from './job-environment.ts';
import type { LaunchPlan } from './launch.ts';
import type { JobOptions, JobSpec } from './types.ts';

/**
 * A job as a process of this machine, in a Python environment of its own in the cache.
 * @throws ERR_JOB_PYTHON, ERR_JOB_LOCK_FILE
 */
export async function planLocal(
  spec: JobSpec,
  id: string,
  gpus: readonly Gpu[],
  options: JobOptions,
): Promise<LaunchPlan> {
  const { env, cacheDir, trainerDir, now } = options;
  const lock = await findLockFile(trainerDir, spec.environment, gpus.length > 0);
  const environment = await planEnvironment(lock, { cacheDir, env });
  const what = `Python packages of "${spec.environment}"`;
  const own = { ...visibleGpus(spec.gpus), ...plainVariables(spec, id, hostPlace), PYTHONPATH: trainerDir };
  return {
    image: null,
    preparing: environment.commands,
    downloads: environment.installed ? [] : [{ what, where: cacheDir, bytes: lock.bytes }],
    launch: {
      own,
      command: localCommand(spec, environment.python),
      env: {
        ...passedOn(env),
        ...own,
        ...spec.secrets,
      },
      cwd: tmpdir(),
      container: null,
    },
    prepare: async (tell, signal) => {
      if (environment.installed) return;
      await installEnvironment(lock, {
        cacheDir,
        env,
        signal,
        ...(now && { now }),
        onLine: (line) => tell({ step: 'environment', what, line }),
      });
    },
  };
}
