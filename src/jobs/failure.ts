import { Sv72Error } from '../errors/index.ts';
import type { JobResult } from './types.ts';

/**
 * The result of a job that is done.
 * @throws ERR_JOB_STOPPED, ERR_JOB_FAILED with the last lines of its log and where the whole log is
 */
export function mustBeDone(result: JobResult): JobResult {
  const { id, outcome, exitCode, logFile, lastLines } = result;
  const details = { id, exitCode, logFile, lastLines };
  if (outcome === 'stopped') {
    throw new Sv72Error('ERR_JOB_STOPPED', `The job ${id} was stopped.`, { details });
  }
  if (outcome === 'failed') {
    const how = exitCode === null ? 'was killed' : `ended with exit code ${exitCode}`;
    const last = lastLines.at(-1);
    throw new Sv72Error('ERR_JOB_FAILED', `The job ${id} ${how}${last === undefined ? '' : `: ${last}`}`, {
      next: `Its log is ${logFile} (\`sv72 jobs logs ${id}\`).`,
      details,
    });
  }
  return result;
}
