import { z } from 'zod';

const share = z.number().min(0).max(1);

const answer = z.strictObject({
  index: z.int(),
  image: z.string().describe('Path of the file, or the seed of the drawn scene.'),
  label: z.union([z.literal(0), z.literal(1)]).describe('1 roadwork, 0 none.'),
  generation: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  level: z.int().min(0).max(3).nullable(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  prediction: z.number().describe('-1 where nothing came in time.'),
  outcome: z.enum(['right', 'wrong', 'missing', 'invalid']),
  reward: share,
  latencyMs: z.number().nonnegative(),
  status: z.int(),
  problem: z.string().nullable(),
});

const summary = z.strictObject({
  asked: z.int(),
  answered: z.int(),
  right: z.int(),
  accuracy: share,
  mcc100: share,
  accuracy10: share,
  reward: share.describe('Of the last answer.'),
  meanReward: share,
  worth: share.describe('What this accuracy earns in the long run.'),
  latencyMs: z.strictObject({ p50: z.number(), p90: z.number(), max: z.number() }).nullable(),
  problems: z.array(z.strictObject({ problem: z.string(), count: z.int() })),
});

const report = z.strictObject({
  target: z.strictObject({ host: z.string(), port: z.int(), hotkey: z.string() }),
  summary,
  answers: z.array(answer),
});

export const challengeResults = {
  challenge: z.strictObject({
    validator: z.string().describe('SS58 address that signed.'),
    protocol: z.enum(['axon', 'btauth']),
    generation: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal('mixed')]),
    seed: z.int(),
    images: z.string().nullable().describe('Folder of the images; null for drawn scenes.'),
    timeoutS: z.number(),
    targets: z.array(report),
  }),
  demo: z.strictObject({
    miner: z.string().describe('SS58 address of the throwaway hotkey that answered.'),
    validator: z.string().describe('SS58 address of the throwaway hotkey that asked.'),
    bundle: z.strictObject({ name: z.string(), version: z.string(), demo: z.boolean(), sha256: z.string() }),
    generations: z.array(
      z.strictObject({
        generation: z.union([z.literal(1), z.literal(2), z.literal(3)]),
        summary,
        answers: z.array(answer),
      }),
    ),
    seconds: z.number(),
  }),
};
