import { setTimeout as wait } from 'node:timers/promises';
import { Sv72Error } from '../errors/index.ts';
import { isAlive, signalProcess } from '../processes/index.ts';
import { parseRecord } from './records.ts';
import type { StateFile } from './state/files.ts';
import type { JobFolder } from './state/folder.ts';
import { Tail } from './state/tail.ts';
import { KILL_SIGNAL, STOP_SIGNAL } from './supervisor/orders.ts';
import type { JobResult, RunOptions } from './types.ts';

const LOOK_MS = 100;

export type FollowOptions = Pick<RunOptions, 'signal' | 'kill' | 'onRecord' | 'onLog'> & {
  /** Whether what the job said before is left out. */
  readonly fromNow?: boolean;
};

/**
 * Shows a job until it ends, and passes on the wish to stop it.
 * @throws ERR_JOB_UNKNOWN, ERR_JOB_LOST when the process that watches it was killed
 */
export async function followJob(folder: JobFolder, options: FollowOptions = {}): Promise<JobResult> {
  const { signal, kill, fromNow = false, onRecord, onLog } = options;
  const job = folder.job();
  if (job === undefined) throw new Sv72Error('ERR_JOB_UNKNOWN', 'There is no such job.');
  const records = new Tail(
    folder.records,
    (line) => {
      const record = parseRecord(line);
      if (record) onRecord?.(record);
    },
    fromNow,
  );
  const log = new Tail(folder.log, (line) => onLog?.(line), fromNow);
  let told: NodeJS.Signals | undefined;
  let state: StateFile | undefined;
  try {
    for (;;) {
      // A folder that somebody removed must not be waited for.
      state = folder.state() ?? state;
      const wish = kill?.aborted ? KILL_SIGNAL : signal?.aborted ? STOP_SIGNAL : undefined;
      if (state && wish !== undefined && wish !== told && state.ended === null) {
        signalProcess(state.watcher, wish);
        told = wish;
      }
      // The end is written after the last line, so these are all.
      records.read();
      log.read();
      if (state?.ended) {
        const { lastProgress, lastResult, warnings, lastLines, ended } = state;
        return {
          id: job.id,
          runtime: job.runtime,
          outcome: ended.outcome,
          exitCode: ended.exitCode,
          lastProgress,
          lastResult,
          warnings,
          lastLines,
          logFile: folder.log,
          seconds: Math.max(0, ended.at - job.startedAt) / 1_000,
        };
      }
      if (state && !isAlive(state.watcher) && !folder.state()?.ended) {
        throw new Sv72Error('ERR_JOB_LOST', `The process that watched the job ${job.id} was killed.`, {
          next: `Run \`sv72 jobs stop ${job.id}\` to end what may be left of it; its log is ${folder.log}.`,
          details: { id: job.id, logFile: folder.log },
        });
      }
      await wait(LOOK_MS);
    }
  } finally {
    records.close();
    log.close();
  }
}
