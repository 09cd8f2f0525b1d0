import { Sv72Error } from '../errors/index.ts';
import type { JobResult } from './types.ts';

/** By which docker and podman say that they, not the job, failed. */
const ENGINE_FAILED = 125;
const NO_ACCESS =
  /could not select device driver|nvidia\.com\/gpu|CDI device|nvidia-container-(cli|runtime)/i;

/**
 * The result of a job that began.
 * @throws ERR_JOB_START, ERR_JOB_GPU_ACCESS when the container engine could not start it
 */
export function mustHaveBegun(result: JobResult): JobResult {
  const { outcome, exitCode, runtime, lastLines } = result;
  if (outcome !== 'failed' || runtime === 'local') return result;
  // podman says 126 when it does not know a device.
  const noAccess = exitCode === 126 && lastLines.some((line) => NO_ACCESS.test(line));
  if (exitCode === ENGINE_FAILED || noAccess) throw notStarted(result);
  return result;
}

/**
 * The result of a job that is done.
 * @throws what `mustHaveBegun` throws, ERR_JOB_STOPPED, ERR_JOB_FAILED with the last lines of its log and where the whole log is
 */
export function mustBeDone(result: JobResult): JobResult {
  const { id, outcome, exitCode, logFile, lastLines } = mustHaveBegun(result);
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

function notStarted({ id, runtime, lastLines, logFile }: JobResult): Sv72Error {
  const details = { id, logFile, lastLines };
  const why =
    lastLines.findLast((line) => /error|fail|invalid|unable|denied/i.test(line)) ?? lastLines.at(-1);
  if (lastLines.some((line) => NO_ACCESS.test(line))) {
    return new Sv72Error('ERR_JOB_GPU_ACCESS', `${runtime} cannot hand the GPU to a container: ${why}`, {
      details,
    });
  }
  return new Sv72Error(
    'ERR_JOB_START',
    `${runtime} could not start the job ${id}: ${why ?? 'no reason given'}`,
    {
      details,
    },
  );
}
