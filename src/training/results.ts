import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';

const figures = z.record(z.string().min(1).max(100), z.number());

const history = z.looseObject({
  epoch: z.number(),
  step: z.number(),
  loss: z.number(),
  reward: z.number(),
  accuracy: z.number(),
});

/** `metrics.json`, which the trainer leaves beside the model. It is written by the job, so it is checked. */
const resultsSchema = z.looseObject({
  backbone: z.looseObject({
    id: z.string(),
    parameters: z.int().positive(),
    licence: z.string(),
    binds: z.boolean(),
    /** `random`, `hub`, or the name of the file. */
    firstWeights: z.string(),
  }),
  calibration: z.strictObject({ bias: z.number(), temperature: z.number().positive() }),
  metrics: z.array(z.strictObject({ condition: z.string(), samples: z.int().positive(), values: figures })),
  validationReward: z.number(),
  graph: z.strictObject({ views: z.int(), flips: z.int(), worst: z.number() }),
  data: z.array(z.strictObject({ name: z.string(), fingerprint: z.string() })),
  pictures: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  history: z.array(history),
  steps: z.int(),
  seconds: z.strictObject({ training: z.number(), all: z.number() }),
  hardware: z.string(),
  versions: z.record(z.string(), z.string()),
  /** Whether the weights are there in the form of transformers too. */
  checkpoint: z.boolean(),
  licenceFile: z.string().nullable(),
});

export type TrainingResults = z.infer<typeof resultsSchema>;
export type HistoryRow = TrainingResults['history'][number];

/** @throws Sv72Error ERR_TRAINING_FAILED when the job left none, or something else */
export async function readResults(runDir: string): Promise<TrainingResults> {
  try {
    return resultsSchema.parse(JSON.parse(await readFile(join(runDir, 'metrics.json'), 'utf8')));
  } catch (cause) {
    throw new Sv72Error('ERR_TRAINING_FAILED', `The training left no valid metrics.json in ${runDir}.`, {
      cause,
    });
  }
}

/** Where the first weights came from, in words. */
export function weightsText({ backbone }: TrainingResults): string {
  const { firstWeights } = backbone;
  if (firstWeights === 'random') return 'random weights';
  return firstWeights === 'hub' ? 'the weights of that name' : `the weights in ${firstWeights}`;
}
