import { z } from 'zod';
import { type ErrorCode, Sv72Error } from '../errors/index.ts';
import { type JobResult, mustBeDone } from '../jobs/index.ts';

const said = z.object({ error: z.object({ code: z.string(), message: z.string().min(1).max(500) }) });

/** What the trainer's names of failures are here. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  exists: 'ERR_TRAINING_EXISTS',
  'data-changed': 'ERR_TRAINING_CHANGED',
  'recipe-changed': 'ERR_TRAINING_CHANGED',
  checkpoint: 'ERR_TRAINING_CHECKPOINT',
  gpu: 'ERR_TRAINING_GPU',
  weights: 'ERR_TRAINING_WEIGHTS',
  licence: 'ERR_TRAINING_LICENCE',
  teacher: 'ERR_TRAINING_TEACHER',
  backbone: 'ERR_RECIPE',
  recipe: 'ERR_RECIPE',
  classes: 'ERR_DATASET_EMPTY',
  data: 'ERR_DATASET_DAMAGED',
  disk: 'ERR_DISK_FULL',
};

/**
 * Passes a training that is done; says in one sentence why another is not.
 *
 * @throws Sv72Error ERR_TRAINING_STOPPED when it was stopped; what the trainer said, by its name for it; else what
 *   `mustBeDone` throws
 */
export function mustBeTrained(result: JobResult, work: string): JobResult {
  if (result.outcome === 'stopped') {
    throw new Sv72Error('ERR_TRAINING_STOPPED', `The training was stopped; what it did is kept in ${work}.`, {
      details: { id: result.id, work },
    });
  }
  const why = said.safeParse(result.lastResult?.data);
  if (result.outcome === 'failed' && why.success) {
    const { code, message } = why.data.error;
    const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
    throw new Sv72Error(CODES[code] ?? 'ERR_TRAINING_FAILED', sentence, {
      details: { id: result.id, logFile: result.logFile, lastLines: result.lastLines },
    });
  }
  return mustBeDone(result);
}
