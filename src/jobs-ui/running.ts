import { resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { foldersOf, isRunning, type JobSpec, type ListedJob } from '../jobs/index.ts';
import type { Ask } from '../ui/index.ts';
import type { JobFlags } from './flags.ts';

/** What is done about a job that already runs. */
export interface Decision {
  readonly job: ListedJob;
  readonly what: 'attach' | 'stop' | 'beside';
}

/**
 * The job that a new one would collide with: of the same kind, writing to the same folder. Else one of that kind that
 * nobody looks at, left by a sv72 that was killed.
 */
export function earlierJob(spec: JobSpec, jobs: readonly ListedJob[]): ListedJob | undefined {
  const writes = foldersOf(spec);
  const running = jobs.filter((job) => isRunning(job) && job.kind === spec.kind);
  return running.find((job) => collides(job, writes)) ?? running.find((job) => !job.shown);
}

/** Jobs of other kinds that run and that nobody looks at. */
export function othersLeft(spec: JobSpec, jobs: readonly ListedJob[]): ListedJob[] {
  return jobs.filter((job) => isRunning(job) && !job.shown && job.kind !== spec.kind);
}

function collides(job: ListedJob, writes: readonly string[]): boolean {
  return job.writes.some((folder) => writes.includes(resolve(folder)));
}

/**
 * Asks what is to happen with an earlier job, unless the flag says it.
 * @throws ERR_JOB_RUNNING without a terminal, when both would write to the same folder
 */
export async function decide(
  spec: JobSpec,
  jobs: readonly ListedJob[],
  choice: JobFlags['if-running'],
  ask: Ask,
): Promise<Decision | undefined> {
  const job = earlierJob(spec, jobs);
  if (job === undefined) return undefined;
  const writes = foldersOf(spec);
  const same = collides(job, writes);
  if (choice === 'refuse' || (choice === undefined && same && !ask.interactive)) throw running(job);
  if (choice !== undefined) return { job, what: choice };
  if (!ask.interactive) return { job, what: 'beside' };
  const what = await ask.select({
    flag: '--if-running',
    message: same
      ? `The job ${job.id} runs already and writes to the same folder.`
      : `The job ${job.id} still runs from before, and nobody looks at it.`,
    choices: [
      { value: 'attach', name: 'Show it until it ends' },
      { value: 'stop', name: 'Stop it, then start this one' },
      { value: 'beside', name: 'Start this one beside it' },
    ],
  });
  return { job, what };
}

function running(job: ListedJob): Sv72Error {
  return new Sv72Error('ERR_JOB_RUNNING', `The job ${job.id} runs already and writes to the same folder.`, {
    next: `Run \`sv72 jobs attach ${job.id}\` or \`sv72 jobs stop ${job.id}\`, or use --if-running.`,
    details: { id: job.id },
  });
}
