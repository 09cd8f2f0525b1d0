import type { JobResult } from '../jobs/index.ts';

/** Passes a step on however it ended: what is made of its result says why it cannot be used. */
export const asItEnded = (result: JobResult): JobResult => result;
