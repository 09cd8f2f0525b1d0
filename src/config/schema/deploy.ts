import { z } from 'zod';

/** When a new model is taken, and when it is rolled back. */
export const deploy = z
  .strictObject({
    min_answers: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(50)
      .describe('Answers of a new model before `deploy promote` takes it without --force.'),
    max_errors: z
      .number()
      .min(0)
      .max(1)
      .default(0.02)
      .describe('Most of its answers that may fail before it is rolled back, as a share.'),
    max_latency_ms: z
      .number()
      .min(1)
      .max(60_000)
      .nullable()
      .default(null)
      .describe('Most time for 95 of 100 of its answers, in ms; null: half of answer_within_s.'),
    max_disagreement: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Most pictures that it may decide otherwise than the live model, as a share.'),
    max_probe_loss: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Most labelled probes that it may get wrong beyond the live model, as a share.'),
  })
  .prefault({});
