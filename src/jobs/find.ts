import { Sv72Error } from '../errors/index.ts';
import { type ListedJob, listJobs } from './list.ts';
import type { JobOptions } from './types.ts';

/** A job by its id, or by the beginning of one when no other begins so. @throws ERR_JOB_UNKNOWN */
export async function findJob(id: string, options: Pick<JobOptions, 'stateDir' | 'env'>): Promise<ListedJob> {
  const jobs = await listJobs(options);
  const exact = jobs.find((job) => job.id === id);
  if (exact) return exact;
  const near = id === '' ? [] : jobs.filter((job) => job.id.startsWith(id));
  const [only, second] = near;
  if (only && !second) return only;
  const shown = id.length > 60 ? `${id.slice(0, 59)}…` : id;
  throw new Sv72Error(
    'ERR_JOB_UNKNOWN',
    second ? `Several jobs begin with ${shown}.` : `There is no job ${shown}.`,
    { details: { jobs: near.map((job) => job.id) } },
  );
}
