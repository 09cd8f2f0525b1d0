import { Sv72Error } from '../errors/index.ts';
import { attachCommand, containerName } from './engine/containers.ts';
import { findJob } from './find.ts';
import { type FollowOptions, followJob } from './follow.ts';
import { passedOn, passedToEngines } from './job-environment.ts';
import { JobFolder } from './state/folder.ts';
import { startSupervisor } from './supervisor/start.ts';
import type { JobOptions, JobResult } from './types.ts';

/**
 * Shows a job that runs already, until it ends; one that has ended gives its result at once.
 * A container whose watching process was killed gets another.
 * @throws ERR_JOB_UNKNOWN, ERR_JOB_LOST
 */
export async function attachJob(
  id: string,
  options: Pick<JobOptions, 'stateDir' | 'env'> & FollowOptions,
): Promise<JobResult> {
  const { stateDir, env } = options;
  const job = await findJob(id, options);
  const folder = new JobFolder(stateDir, job.id);
  const file = folder.job();
  if (job.status === 'lost' || file === undefined) throw lost(job.id, 'nobody saw how it ended');
  if (job.status === 'unwatched') {
    if (job.runtime === 'local') throw lost(job.id, 'what it says goes nowhere');
    const name = containerName(job.id);
    await startSupervisor(
      {
        stateDir,
        id: job.id,
        command: attachCommand(job.runtime, name),
        env: passedToEngines(env),
        cwd: stateDir,
        container: { program: job.runtime, name },
        secrets: [],
        adopted: true,
        stopGraceMs: file.stopGraceMs,
      },
      passedOn(env),
    );
  }
  folder.claim();
  return await followJob(folder, options);
}

function lost(id: string, why: string): Sv72Error {
  return new Sv72Error('ERR_JOB_LOST', `The process that watched the job ${id} was killed, so ${why}.`, {
    next: `Run \`sv72 jobs stop ${id}\` to clear away what is left, and start the step again.`,
    details: { id },
  });
}
