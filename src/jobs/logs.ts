import { readFileSync, statSync } from 'node:fs';
import { findJob } from './find.ts';
import { JobFolder } from './state/folder.ts';
import type { JobOptions } from './types.ts';

export interface JobLog {
  readonly id: string;
  readonly file: string;
  /** The last ones that were asked for, in order. */
  readonly lines: readonly string[];
}

/** The last lines of a job's log, older parts of a rotated one included. @throws ERR_JOB_UNKNOWN */
export async function readJobLog(
  id: string,
  most: number,
  options: Pick<JobOptions, 'stateDir' | 'env'>,
): Promise<JobLog> {
  const job = await findJob(id, options);
  const { log } = new JobFolder(options.stateDir, job.id);
  let lines: string[] = [];
  for (let older = 0; lines.length < most; older++) {
    const path = older === 0 ? log : `${log}.${older}`;
    if (!statSync(path, { throwIfNoEntry: false })) break;
    lines = [...readFileSync(path, 'utf8').split('\n').slice(0, -1), ...lines];
  }
  return { id: job.id, file: log, lines: most > 0 ? lines.slice(-most) : [] };
}
