import { z } from 'zod';
import { dryRunLine, jobLines } from './jobs.ts';

const count = z.int().nonnegative();

const recipe = z.strictObject({
  name: z.string(),
  description: z.string(),
  kind: z.enum(['head', 'finetune', 'lora', 'distill']),
  backbone: z.string(),
  epochs: z.int(),
});

const backbone = z.strictObject({
  id: z.string(),
  millions: z.number().describe('Parameters, millions.'),
  licence: z.string(),
  binds: z.boolean().describe('What is made from it may only be published under the same terms.'),
  about: z.string(),
});

const trained = z.strictObject({
  event: z.literal('result'),
  bundle: z.string().describe('Folder of the new bundle.'),
  name: z.string(),
  version: z.string(),
  demo: z.boolean().describe('It has only seen drawn streets.'),
  licence: z.string(),
  work: z.string().describe('Folder of the run: checkpoint, curves, TensorBoard files.'),
  job: z.string(),
  recipe: z.string(),
  backbone: z.string(),
  parameters: count,
  pictures: z.strictObject({ train: count, validation: count, test: count }),
  steps: count,
  seconds: z.strictObject({ training: z.number(), all: z.number() }),
  hardware: z.string(),
  calibration: z.strictObject({ bias: z.number(), temperature: z.number() }),
  graph: z
    .strictObject({ views: count, flips: count, worst: z.number() })
    .describe('The graph against the network: decisions that differ, and the largest difference.'),
  metrics: z.array(
    z.strictObject({
      condition: z.string(),
      samples: count.describe('Views of test pictures.'),
      values: z
        .record(z.string(), z.number())
        .describe('Figures, each with its 95 % interval in …Low and …High.'),
    }),
  ),
});

const task = z.strictObject({
  event: z.literal('task'),
  kind: z.literal('sky'),
  file: z.string().describe('The task file that was written.'),
});

export const trainingResults = {
  train: z
    .discriminatedUnion('event', [...jobLines, dryRunLine, task, trained])
    .describe('One line of the output; the last is the result.'),
  'train recipes': z.strictObject({ recipes: z.array(recipe) }),
  'train backbones': z.strictObject({ backbones: z.array(backbone) }),
};
