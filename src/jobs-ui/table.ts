import type { ListedJob } from '../jobs/index.ts';
import { duration, progressText } from './text.ts';

/** Jobs for people, two lines each: what it is, and how far. */
export function jobTable(jobs: readonly ListedJob[], now: number): string[] {
  const width = Math.max(0, ...jobs.map(({ id }) => id.length));
  return jobs.flatMap((job) => {
    const since = job.startedAt === null ? '' : duration(((job.endedAt ?? now) - job.startedAt) / 1_000);
    const seen = job.status === 'running' && job.shown ? ', shown in another terminal' : '';
    const head = `${job.id.padEnd(width)}  ${job.runtime.padEnd(6)}  ${job.status}${seen}  ${since}`;
    const below = job.progress ? progressText(job.progress, false) : job.title;
    return [head.trimEnd(), `  ${below}`];
  });
}
