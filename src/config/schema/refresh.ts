import { z } from 'zod';
import { channels } from './channels.ts';
import { day, name, repository } from './fields.ts';

/** The cycle of a model, and what else must not run out. */
export const refresh = z
  .strictObject({
    checkpoint_day: day.default(30).describe('Age of a model at the first look back, in days.'),
    train_day: day.default(55).describe('Age at which training the next one should begin, in days.'),
    upload_day: day.default(70).describe('Age by which the next one should be published, in days.'),
    verify_day: day.default(75).describe('Age by which it should be checked and in service, in days.'),
    expired_day: day.default(90).describe('Age at which a model counts no more, in days.'),
    full_until_day: day.default(75).describe('Until this age the reward is full, in days.'),
    zero_from_day: day
      .default(90)
      .describe('From this age there is no reward, in days; in between it falls in a straight line.'),
    checked: z.iso
      .date()
      .default('2026-01-06')
      .describe('When these days were last compared with the subnet’s documents, which no code applies.'),
    repos: z
      .array(repository)
      .max(64)
      .default([])
      .describe('Model repositories whose cards are looked at, beside hub.repo and what was published here.'),
    registration: z
      .boolean()
      .default(true)
      .describe('Whether `refresh` asks the chain if a hotkey lost its place or may lose it.'),
    certificates: z
      .array(name)
      .max(64)
      .default([])
      .describe('TLS certificates that must not run out: PEM files, or host:port.'),
    dates: z
      .array(
        z
          .string()
          .regex(/^\d{4}-\d\d-\d\d \S.{0,199}$/, 'must be a date and words: 2027-01-31 token of the Hub'),
      )
      .max(64)
      .default([])
      .describe('What else runs out, as date and words: 2027-01-31 token of the Hub.'),
    min_free_gib: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(5)
      .describe('Least free disk where sv72 keeps its data, in GiB; 0 does not look.'),
    ...channels,
  })
  .prefault({});
