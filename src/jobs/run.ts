import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Sv72Error } from '../errors/index.ts';
import { mustPass } from './checks.ts';
import { foldersOf } from './folders.ts';
import { followJob } from './follow.ts';
import { passedOn } from './job-environment.ts';
import { prepareJob } from './prepare.ts';
import { shownCommand } from './shown.ts';
import { JobFolder, newJobId } from './state/folder.ts';
import { pruneJobs } from './state/prune.ts';
import { startSupervisor } from './supervisor/start.ts';
import type { JobResult, JobSpec, RunOptions } from './types.ts';

/**
 * Runs a job to its end: checks what it needs, fetches or makes its image or environment, starts it, and passes on what
 * it says. The job lives on when this process is killed; `listJobs` finds it.
 * A job that fails or is stopped is no error here: see `JobResult.outcome` and `mustBeDone`.
 * @throws ERR_JOB_RUNTIME, ERR_JOB_PYTHON, ERR_JOB_ENVIRONMENT, ERR_JOB_LOCK_FILE, ERR_JOB_IMAGE, ERR_JOB_NO_GPU,
 *   ERR_JOB_DRIVER, ERR_JOB_MOUNT, ERR_JOB_VRAM, ERR_JOB_DISK, ERR_JOB_SHM, ERR_JOB_MEMORY, ERR_JOB_START before it runs;
 *   ERR_INTERRUPTED when `signal` is aborted before; ERR_JOB_LOST when its watching process is killed
 */
export async function runJob(spec: JobSpec, options: RunOptions): Promise<JobResult> {
  const { stateDir, env, signal, onPreparation = () => undefined, now = Date.now } = options;
  const id = newJobId(spec.kind, now(), randomBytes(3));
  onPreparation({ step: 'check' });
  pruneJobs(stateDir, now());
  const { runtime, plan, checks } = await prepareJob(spec, id, options);
  mustPass(checks);
  await plan.prepare(onPreparation, signal);
  if (signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted before the step began.');
  const folder = new JobFolder(stateDir, id);
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  const { launch } = plan;
  folder.writeJob({
    format: 1,
    id,
    kind: spec.kind,
    title: spec.title,
    runtime,
    container: launch.container?.name ?? null,
    command: shownCommand(launch),
    writes: foldersOf(spec),
    startedAt: now(),
    stopGraceMs: spec.stopGraceMs,
  });
  folder.claim();
  await startSupervisor(
    {
      stateDir,
      id,
      command: launch.command,
      env: launch.env,
      cwd: launch.cwd,
      container: launch.container,
      secrets: Object.values(spec.secrets ?? {}),
      stopGraceMs: spec.stopGraceMs,
    },
    passedOn(env),
  );
  onPreparation({ step: 'started', id, runtime, logFile: folder.log });
  return await followJob(folder, options);
}
