import { resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { checkJob, thisMachine } from './checks.ts';
import { planContainer } from './container.ts';
import { assumedEngine } from './engine/engine.ts';
import { assumedGpus, usedGpus } from './gpu/choose.ts';
import { imageFor } from './gpu/image.ts';
import { listGpus } from './gpu/nvidia-smi.ts';
import { passedOn } from './job-environment.ts';
import type { LaunchPlan } from './launch.ts';
import { planLocal } from './local.ts';
import { type ChosenRuntime, chooseRuntime } from './runtime.ts';
import type { Check, JobOptions, JobSpec, Runtime } from './types.ts';

export interface Prepared {
  readonly runtime: Runtime;
  readonly plan: LaunchPlan;
  readonly checks: readonly Check[];
}

/**
 * Finds out how a job would run here; nothing is downloaded, made or started.
 * @param assume whether an engine or a GPU that is not here counts as a failed check, and the plan is made as if it were
 * @throws ERR_JOB_RUNTIME, ERR_JOB_NO_GPU, ERR_JOB_DRIVER unless assumed, and what the runtime's own plan throws
 */
export async function prepareJob(
  given: JobSpec,
  id: string,
  options: JobOptions,
  assume = false,
): Promise<Prepared> {
  const spec = { ...given, mounts: given.mounts.map((mount) => ({ ...mount, host: resolve(mount.host) })) };
  const missing: Check[] = [];
  const unless = async <T>(name: Check['name'], work: () => Promise<T>, otherwise: () => T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!assume || !(error instanceof Sv72Error)) throw error;
      missing.push({ name, ok: false, message: error.message });
      return otherwise();
    }
  };
  const gpus = spec.gpus === 'none' ? [] : await listGpus(passedOn(options.env));
  const found = await unless(
    'gpu',
    async () => usedGpus(spec, gpus),
    () => assumedGpus(spec),
  );
  const runtime = await unless(
    'runtime',
    () => chooseRuntime(options.runtime, options.env),
    (): ChosenRuntime => {
      const name = options.runtime === 'podman' ? 'podman' : 'docker';
      return { name, engine: assumedEngine(name, options.env) };
    },
  );
  const used = await unless(
    'driver',
    async () => {
      if (runtime.name !== 'local' && choosesByGpu(spec)) imageFor(found);
      return found;
    },
    () => assumedGpus(spec),
  );
  const plan =
    runtime.name === 'local'
      ? await planLocal(spec, id, used, options)
      : await planContainer(spec, id, used, runtime.engine, options);
  // Of a GPU that is assumed nothing can be checked.
  const real = missing.some(({ name }) => name === 'gpu' || name === 'driver') ? [] : used;
  const checks = await checkJob(spec, runtime.name, real, plan.downloads, thisMachine());
  return { runtime: runtime.name, plan, checks: [...missing, ...checks] };
}

/** Whether the driver and the GPU have a say in which image it is. */
function choosesByGpu({ image }: JobSpec): boolean {
  return image.kind === 'by-gpu' || (image.kind === 'build' && image.base === undefined);
}
