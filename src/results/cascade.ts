import { z } from 'zod';
import { evaluatedData, figures } from './evaluate.ts';

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();
const latencyMs = z.strictObject({ p50: z.number(), p95: z.number() });

const outcome = z.strictObject({
  reward: z.number().describe('Expected of other pictures, half of them roadwork.'),
  latencyMs: z.number().describe('On average.'),
  costPer1000: z.number().describe('Of a thousand pictures.'),
  decided: z.array(share).describe('Share of the pictures that each stage has the last word on.'),
});

const stage = z.strictObject({
  name: z.string(),
  model: z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() }),
  stopBelow: share.describe('At or below this it is sure; 0: never.'),
  stopAbove: share.describe('At or above this it is sure; 1: never.'),
  latencyMs,
  costPer1000: z.number(),
});

const combination = z.strictObject({
  stages: z.array(z.string()).describe('Those that answered.'),
  weights: z.array(z.number()),
  bias: z.number(),
});

const cascade = z.strictObject({
  made: z.string(),
  profile: z.string(),
  dataset: z.strictObject({
    name: z.string(),
    fingerprint: z.string().nullable(),
    split: z.enum(['train', 'validation', 'test']).nullable(),
    pictures: count,
    views: count,
    seed: count,
  }),
  stages: z.array(stage),
  combinations: z
    .array(combination)
    .describe('Probability: σ(bias + Σ weight · logit of what a stage said).'),
  ridge: z.number().describe('Pull towards the plain mean, chosen by cross-validation.'),
  figures: z.strictObject({ chosen: outcome, firstOnly: outcome, always: outcome }),
});

export const cascadeResults = {
  'cascade fit': z.strictObject({
    path: z.string().describe('The file that was written.'),
    cascade,
    data: evaluatedData,
    views: z.strictObject({
      count,
      used: count.describe('Those that all stages answered.'),
      remembered: count.describe('Answered by an earlier run.'),
    }),
    stages: z.array(z.strictObject({ name: z.string(), alone: figures, failed: count, latencyMs })),
    policies: z
      .array(outcome.extend({ bounds: z.array(z.strictObject({ stopBelow: share, stopAbove: share })) }))
      .describe('The trade-off: none is beaten by another in reward, time and cost at once; fastest first.'),
    report: z.string().nullable().describe('Path of the HTML report.'),
  }),
  'cascade show': z.strictObject({
    path: z.string(),
    cascade: cascade.describe('The last fit.'),
    others: z.array(cascade).describe('Earlier ones, for other models of the same stages.'),
  }),
};
