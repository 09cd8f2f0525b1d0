import { z } from 'zod';

const probability = z.number().min(0).max(1);

export const videoResults = {
  video: z.strictObject({
    profile: z.string(),
    clips: z.array(
      z.strictObject({
        file: z.string(),
        probability: probability.describe('Of road works.'),
        frames: z.array(probability.nullable()).describe('Of each frame; null: it could not be answered.'),
        readMs: z.number(),
        answerMs: z.number(),
      }),
    ),
  }),
};
