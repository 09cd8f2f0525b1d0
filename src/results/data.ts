import { z } from 'zod';
import { dryRunLine, jobLines } from './jobs.ts';

const count = z.int().nonnegative();
const byLabel = z.strictObject({ none: count, roadwork: count });
const leftOut = z.strictObject({
  origin: z.string().describe('A file, or a row of one.'),
  reason: z.string(),
});

const source = z.strictObject({
  id: z.string(),
  title: z.string(),
  licence: z.string().describe('SPDX identifier or name; unknown where nothing is stated.'),
  attribution: z.string().nullable(),
  url: z.string().nullable(),
  revision: z.string().nullable(),
});

const dataset = z.strictObject({
  path: z.string(),
  name: z.string(),
  fingerprint: z.string().describe('SHA-256 of entries.jsonl: changes with any picture, label or split.'),
  counts: z.strictObject({
    pictures: count,
    bytes: count,
    leftOut: count,
    train: byLabel,
    validation: byLabel,
    test: byLabel,
  }),
  sources: z.array(source),
});

const written = z.strictObject({
  ...dataset.shape,
  duplicates: count.describe('Pictures that were there more than once and are kept once.'),
  leftOut: z.array(leftOut).describe('Pictures that were not taken, at most 1,000; the folder lists all.'),
});

export const dataResults = {
  'data list': z.strictObject({
    sources: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        licence: z.string().nullable().describe('null where its owners state none.'),
        free: z.boolean().describe('Whether a model made from it may be published and used for anything.'),
        size: z.string(),
        about: z.string(),
        repository: z.string().nullable().describe('On the Hugging Face Hub.'),
        url: z.string().nullable(),
        how: z.string().describe('The command that gets it, or how it is got by hand.'),
      }),
    ),
  }),
  'data pull': written,
  'data check': z.strictObject({
    path: z.string(),
    name: z.string(),
    fingerprint: z.string(),
    ok: z.boolean().describe('The exit code is 1 unless it is true.'),
    findings: z
      .array(z.strictObject({ severity: z.enum(['error', 'warning']), where: z.string(), what: z.string() }))
      .describe('At most 1,000.'),
  }),
  'data show': z.strictObject({
    ...dataset.shape,
    summary: z.strictObject({
      splits: z.array(
        z.strictObject({ split: z.enum(['train', 'validation', 'test']), none: count, roadwork: count }),
      ),
      sources: z.array(z.strictObject({ id: z.string(), licence: z.string(), pictures: count })),
      formats: z.record(z.string(), count),
      shorterSide: z.strictObject({ min: count, median: count, max: count }).describe('Pixels.'),
      groups: z.strictObject({ count, largest: count }).describe('Places: what is split together.'),
      nearDuplicates: count.describe('Pictures that look like another one.'),
      tags: z.array(z.strictObject({ tag: z.string(), pictures: count, roadwork: count })),
      withObjects: count,
      withSoftLabel: count,
    }),
    html: z.string().nullable().describe('The page with pictures, where one was asked for.'),
  }),
  'data hard': z.strictObject({
    candidates: count.describe('Pictures that the models found hard.'),
    review: z.string().describe('Folder of the answers.'),
    yes: count,
    no: count,
    skipped: count,
    exported: z.string().nullable().describe('Folder for FiftyOne, where one was asked for.'),
    dataset: written.nullable(),
  }),
  'data synth': z
    .discriminatedUnion('event', [
      ...jobLines,
      dryRunLine,
      z.strictObject({ event: z.literal('done'), ...written.shape }),
    ])
    .describe('One object a line; the last is the dataset, or what would be run.'),
  'data draw': written,
  'data import': written,
};
