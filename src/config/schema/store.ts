import { z } from 'zod';

/** What is kept of what was asked. */
export const store = z
  .strictObject({
    path: z
      .string()
      .nullable()
      .default(null)
      .describe('SQLite file of what was asked and answered; null: the data folder.'),
    keep_images: z.boolean().default(false).describe('Whether the pictures are kept too.'),
    image_cap_mib: z
      .int()
      .min(1)
      .max(1_048_576)
      .default(1024)
      .describe('Most disk for kept pictures, in MiB.'),
    keep_days: z.int().min(1).max(3650).default(90).describe('How long answers are kept, in days.'),
  })
  .prefault({});
