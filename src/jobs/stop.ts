import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, killProcessesWith, processesWith, signalProcess } from '../processes/index.ts';
import { containerName, removeContainer } from './engine/containers.ts';
import { findJob } from './find.ts';
import { followJob } from './follow.ts';
import { JOB_VARIABLE } from './job-environment.ts';
import { isRunning } from './list.ts';
import { JobFolder } from './state/folder.ts';
import type { JobOptions, JobOutcome } from './types.ts';

const GRACE_MS = 10_000;
const LOOK_MS = 100;

export interface StopOptions extends Pick<JobOptions, 'stateDir' | 'env'> {
  /** Kill it instead of asking it to save and stop. */
  readonly kill?: boolean | undefined;
  readonly now?: (() => number) | undefined;
}

export interface StoppedJob {
  readonly id: string;
  /** Whether it ran until now. */
  readonly wasRunning: boolean;
  readonly outcome: JobOutcome;
}

/**
 * Asks a job to save and stop and waits until it has ended; what was left by a killed watching process is ended too.
 * @throws ERR_JOB_UNKNOWN
 */
export async function stopJob(id: string, options: StopOptions): Promise<StoppedJob> {
  const { stateDir, env, kill = false, now = Date.now } = options;
  const job = await findJob(id, options);
  const folder = new JobFolder(stateDir, job.id);
  if (job.status === 'running' || job.status === 'stopping') {
    const told = AbortSignal.abort();
    const { outcome } = await followJob(folder, kill ? { kill: told } : { signal: told });
    return { id: job.id, wasRunning: true, outcome };
  }
  const state = folder.state();
  if (state?.ended && !isRunning(job)) return { id: job.id, wasRunning: false, outcome: state.ended.outcome };
  const graceMs = kill ? 0 : (folder.job()?.stopGraceMs ?? GRACE_MS);
  if (job.runtime === 'local') await endProcesses(job.id, folder, graceMs);
  else await removeContainer(job.runtime, containerName(job.id), graceMs, env);
  const outcome = isRunning(job) ? 'stopped' : 'failed';
  if (state) folder.writeState({ ...state, ended: { at: now(), outcome, exitCode: null, signal: null } });
  return { id: job.id, wasRunning: isRunning(job), outcome };
}

/** Its loaders and workers are not asked: they end with it, and a loader that ends first makes it fail. */
async function endProcesses(id: string, folder: JobFolder, graceMs: number): Promise<void> {
  const main = folder.state()?.process;
  const until = performance.now() + graceMs;
  if (main && graceMs > 0 && signalProcess(main, 'SIGTERM')) {
    while (isAlive(main) && performance.now() < until) await wait(LOOK_MS);
  }
  if (main) signalProcess(main, 'SIGKILL');
  killProcessesWith(JOB_VARIABLE, id);
  while (processesWith(JOB_VARIABLE, id).length > 0) await wait(LOOK_MS);
}
