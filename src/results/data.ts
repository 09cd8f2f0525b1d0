import { z } from 'zod';

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
  'data draw': written,
  'data import': written,
};
