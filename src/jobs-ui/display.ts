import type { JobOutcome, JobRecord, Preparation } from '../jobs/index.ts';

/** Shows somebody what a job does. */
export interface Display {
  preparation(preparation: Preparation): void;
  record(record: JobRecord): void;
  /** A line of the job's log. */
  log(line: string): void;
  /** A remark of ours. */
  notice(line: string): void;
  /** The last call; what is shown stays. */
  end(outcome: JobOutcome | undefined): Promise<void>;
}

/** Shows nothing. */
export const silent: Display = {
  preparation: () => undefined,
  record: () => undefined,
  log: () => undefined,
  notice: () => undefined,
  end: async () => undefined,
};
