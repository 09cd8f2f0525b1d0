import { z } from 'zod';

const model = z.strictObject({
  name: z.string(),
  version: z.string(),
  dir: z.string().describe('Folder of the bundle.'),
  manifestSha256: z.string().describe('Of its sv72.json, which has the hashes of all other files.'),
});

const probes = z
  .strictObject({ of: z.int(), candidateRight: z.int(), liveRight: z.int() })
  .nullable()
  .describe('Labelled pictures that both models were asked first; null: none.');

const figures = z.strictObject({
  answers: z.int(),
  errors: z.int(),
  p95Ms: z.number().nullable(),
  compared: z.int(),
  disagreed: z.int(),
  probes,
});

const status = z.strictObject({
  live: model.extend({ device: z.string(), precision: z.string(), inferMs: z.number() }),
  configured: z
    .string()
    .describe(
      'Bundle folder of the configuration. A model that was promoted goes before it, after a restart, too.',
    ),
  previous: model.nullable().describe('What `deploy rollback` would go back to without a candidate.'),
  candidate: z
    .strictObject({
      mode: z.enum(['canary', 'shadow', 'ab']),
      share: z.number(),
      since: z.number().describe('Unix time, milliseconds.'),
      model,
      figures,
      verdict: z.enum(['good', 'waiting', 'bad']),
      reasons: z.array(z.string()),
    })
    .nullable(),
  busy: z.boolean().describe('Whether a change of the models is under way.'),
  rules: z.strictObject({
    minAnswers: z.number(),
    maxErrors: z.number(),
    maxLatencyMs: z.number(),
    maxDisagreement: z.number(),
    maxProbeLoss: z.number(),
  }),
});

export const deployResults = {
  'deploy status': status,
  'deploy canary': status,
  'deploy shadow': status,
  'deploy ab': status,
  'deploy promote': status,
  'deploy rollback': status,
  'deploy history': z.strictObject({
    store: z.string(),
    deployments: z.array(
      z.strictObject({
        at: z.number().describe('Unix time, milliseconds.'),
        miner: z.string().describe('SS58 addresses of its hotkeys, with commas.'),
        action: z.string(),
        model: z.strictObject({ name: z.string(), version: z.string() }),
        dir: z.string(),
        manifestSha256: z.string(),
        share: z.number().nullable(),
        why: z.string(),
        figures: figures.nullable(),
      }),
    ),
  }),
};
