import { z } from 'zod';

/** The format version this code reads and writes. */
export const DATASET_FORMAT = 1;

export const MANIFEST_FILE = 'dataset.json';
export const ENTRIES_FILE = 'entries.jsonl';
/** Pictures that were not taken, with the reason: one JSON object a line. Only there when there are any. */
export const LEFT_OUT_FILE = 'left-out.jsonl';

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' });
const text = z.string().max(4_000);
const share = z.number().min(0).max(1);
const count = z.int().nonnegative();
const label = z.union([z.literal(0), z.literal(1)]);

const byLabel = z.strictObject({ none: count, roadwork: count });

const entrySchema = z
  .strictObject({
    /** Of the picture's file as it lies in the dataset. */
    sha256,
    /** Inside the dataset's folder: `pictures/ab/<sha256>.<ext>`. */
    path: z.string().regex(/^pictures\/[0-9a-f]{2}\/[0-9a-f]{64}\.(jpg|png|webp)$/, {
      error: 'must be pictures/ab/<sha256>.<jpg, png or webp>',
    }),
    bytes: z.int().positive(),
    format: z.enum(['jpeg', 'png', 'webp']),
    /** Pixels, as stored: an EXIF orientation is not applied, as validators do not apply it either. */
    width: z.int().min(1).max(65_535),
    height: z.int().min(1).max(65_535),
    /** 1 roadwork, 0 none. */
    label,
    /** Probability of roadwork as a teacher or several reviewers give it. */
    soft: share.optional(),
    split: z.enum(SPLITS),
    /** Id of one of the manifest's sources. */
    source: text.min(1),
    /** Licence of this picture, as its source gives it. */
    licence: text.min(1),
    /** What must stay together when the set is split: a place, a drive, an original and what was made from it. */
    group: text.min(1),
    /** Perceptual hash, 64 bits in hexadecimal. */
    phash: z.string().regex(/^[0-9a-f]{16}$/, { error: 'must be 16 lower-case hexadecimal digits' }),
    /** Slices such as `weather:rain` or `drawn`. */
    tags: z.array(text.min(1)).max(100),
    description: z.string().max(20_000).optional(),
    /** Points inside the objects that make it road works, the largest object first, pixels from the top left. */
    objects: z
      .array(z.tuple([z.number(), z.number()]))
      .max(1_000)
      .optional(),
  })
  .refine((entry) => entry.path.slice(9).startsWith(`${entry.sha256.slice(0, 2)}/${entry.sha256}.`), {
    error: 'must be named by sha256',
    path: ['path'],
  });

const sourceSchema = z.strictObject({
  id: text.min(1),
  title: text.min(1),
  /** SPDX identifier or name; `unknown` where nothing is stated. */
  licence: text.min(1),
  /** The line that must accompany what is made from it, where the licence asks for one. */
  attribution: text.nullable(),
  url: text.nullable(),
  /** Commit, version or hash of what was read. */
  revision: text.nullable(),
});

export const manifestSchema = z.strictObject({
  format: z.literal(DATASET_FORMAT),
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
    error: 'must be letters, digits, dot, dash, _',
  }),
  made: z.strictObject({
    /** The program and its version. */
    by: text.min(1),
    /** ISO 8601. */
    at: z.iso.datetime({ offset: true }),
    /** The command that makes it again, where one does. */
    command: text.nullable(),
  }),
  sources: z.array(sourceSchema).min(1).max(1_000),
  split: z.strictObject({
    seed: z.int().nonnegative(),
    shares: z.strictObject({ train: share, validation: share, test: share }),
  }),
  counts: z.strictObject({
    pictures: count,
    bytes: count,
    leftOut: count,
    train: byLabel,
    validation: byLabel,
    test: byLabel,
  }),
  /** Of entries.jsonl. The hash is the dataset's fingerprint: it covers every picture, label and split. */
  entries: z.strictObject({ sha256, bytes: count }),
});

export type DatasetManifest = z.infer<typeof manifestSchema>;
export type DatasetEntry = z.infer<typeof entrySchema>;
export type DatasetSource = z.infer<typeof sourceSchema>;
export type Shares = DatasetManifest['split']['shares'];
export type Counts = DatasetManifest['counts'];

/** Reads a line of entries.jsonl; a string is what is wrong with it. */
export function parseEntry(line: string): DatasetEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'it is not JSON';
  }
  const result = entrySchema.safeParse(value);
  return result.success ? result.data : problemOf(result.error);
}

/** The first problem of a value that a schema refused. */
export function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  return `${where === '' ? 'it' : where}: ${issue?.message ?? 'is not valid'}`;
}
