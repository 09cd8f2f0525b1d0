import { z } from 'zod';

const number = z.number().nullable();
const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const generation = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const label = z.union([z.literal(0), z.literal(1)]);

const figure = z
  .strictObject({ value: number, low: number, high: number })
  .describe('With its 95 % interval; null where it is not defined, because a class is missing.');

export const figures = z.strictObject({
  count: count.describe('Views.'),
  clusters: z
    .strictObject({ none: count, roadwork: count })
    .describe('Groups of pictures that are independent of each other, by label.'),
  confusion: z.strictObject({ tp: count, fp: count, fn: count, tn: count }).describe('Roadwork is positive.'),
  values: z.strictObject({
    accuracy: figure,
    balancedAccuracy: figure,
    sensitivity: figure.describe('Share of roadwork that is recognised.'),
    specificity: figure.describe('Share of the rest that is recognised.'),
    mcc: figure,
    reward: figure.describe(
      'What a round is worth on average with these two rates, half of the rounds roadwork.',
    ),
    auc: figure,
    ece: figure.describe('Expected calibration error, 15 bins.'),
    brier: figure,
  }),
});

const model = z.strictObject({
  path: z.string(),
  name: z.string(),
  version: z.string(),
  demo: z.boolean(),
  sha256: z.string().describe('Of the model file.'),
  variant: z.string(),
  precision: z.enum(['fp32', 'fp16', 'int8', 'unknown']).describe('Unknown: of a chat model.'),
  engine: z.string(),
  device: z.enum(['cpu', 'cuda', 'tensorrt', 'server']),
  met: z
    .enum(['training', 'validation'])
    .nullable()
    .describe(
      'The model was trained, or chosen and calibrated, on these very pictures: the figures flatter it.',
    ),
});

const difference = z
  .strictObject({ first: number, second: number, difference: number, low: number, high: number })
  .describe('first: this model; second: the other; difference: second minus first, with its 95 % interval.');

const comparison = z.strictObject({
  pairs: count,
  flips: count.describe('Views on which they are on different sides of 0.5.'),
  largest: share.describe('Largest difference of the probability.'),
  mean: share,
  mcnemar: z
    .strictObject({ onlyFirst: count, onlySecond: count, p: share })
    .describe('Exact, over the views.'),
  clusters: z
    .strictObject({ betterFirst: count, betterSecond: count, same: count, p: share })
    .describe('Exact sign test over the independent groups of pictures.'),
  reward: difference,
  accuracy: difference,
  verdict: z
    .enum(['first', 'second', 'undecided'])
    .describe('Which one is really better; undecided where the pictures cannot show it.'),
});

const thresholdPoint = z.strictObject({
  threshold: share,
  sensitivity: number,
  specificity: number,
  reward: number,
});

export const evaluatedData = z.strictObject({
  kind: z.enum(['dataset', 'folder']),
  path: z.string(),
  name: z.string(),
  fingerprint: z.string().nullable().describe('Of a dataset: SHA-256 of its list of pictures.'),
  split: z.enum(['train', 'validation', 'test']).nullable(),
  pictures: count,
  roadwork: count,
  none: count,
  unreadable: z.array(z.strictObject({ picture: z.string(), reason: z.string() })).describe('Left out.'),
});

const evaluationSettings = z.strictObject({
  generations: z.array(generation),
  levels: z.array(level),
  views: count,
  seed: count,
  freeCrop: z.boolean(),
  colours: z.enum(['bytes', 'floats']),
});

const ofBundle = z.strictObject({
  model,
  data: evaluatedData,
  settings: evaluationSettings,
  views: z.strictObject({
    count,
    remembered: count.describe('Answered by an earlier run.'),
    failed: count.describe('The engine failed; they count as "none", as they would be served.'),
  }),
  overall: figures,
  generations: z.array(z.strictObject({ generation, figures })),
  conditions: z.array(z.strictObject({ generation, level: level.nullable(), figures })),
  slices: z.array(
    z.strictObject({ by: z.enum(['level', 'size', 'source', 'tag']), value: z.string(), figures }),
  ),
  threshold: z.strictObject({
    best: thresholdPoint.nullable().describe('Chosen on these very pictures.'),
    curve: z.array(thresholdPoint),
  }),
  calibration: z.array(
    z.strictObject({
      from: share,
      to: share,
      count,
      said: number,
      was: number.describe('Share that is roadwork.'),
    }),
  ),
  worst: z.array(
    z.strictObject({
      picture: z.string(),
      sha256: z.string(),
      label,
      views: count,
      wrong: count,
      error: share.describe('Mean |probability − label|.'),
      worst: z.strictObject({ generation, level: level.nullable(), p: share }),
    }),
  ),
  comparison: z
    .strictObject({
      other: model,
      overall: figures,
      difference: comparison,
      generations: z.array(z.strictObject({ generation, difference: comparison })),
    })
    .nullable(),
  report: z.string().nullable().describe('Path of the HTML report.'),
  answers: z.string().nullable().describe('Path of the list of answers.'),
  seconds: z.number(),
});

/** What `evaluate --profile` prints instead. */
const ofProfile = z.strictObject({
  profile: z.string(),
  cascade: z.string().nullable().describe('File of `cascade fit` that decides; null: all stages are asked.'),
  data: evaluatedData,
  settings: evaluationSettings,
  views: z.strictObject({ count, remembered: count.describe('Answered by an earlier run.') }),
  overall: figures,
  latencyMs: z.number().describe('On average.'),
  costPer1000: z.number().describe('Of a thousand pictures.'),
  stages: z.array(
    z.strictObject({
      name: z.string(),
      model: z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() }),
      engine: z.string(),
      device: z.string(),
      latencyMs: z.strictObject({ p50: z.number(), p95: z.number() }),
      costPer1000: z.number(),
      failed: count.describe('Views that it gave no answer to.'),
      asked: share.describe('Share of the views that it is asked about.'),
      decided: share.describe('Share of the views that it has the last word on.'),
      alone: figures,
      without: comparison
        .extend({ latencyMs: z.number(), costPer1000: z.number() })
        .nullable()
        .describe('The profile without this stage (first) against the whole one (second).'),
    }),
  ),
});

export const evaluateResults = {
  evaluate: z.union([ofBundle, ofProfile]),
};
