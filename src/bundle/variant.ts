import { z } from 'zod';

const text = z.string().max(4000);
const finite = z.number().finite();
const share = finite.min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' });

/** What `--variant` takes: int8-static, fp16, … */
const variantName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'must be lower-case letters, digits and dashes',
});

/** How a variant was compared with the model it was made from, on the same augmented pictures, and what came of it. */
export const gateSchema = z.strictObject({
  passed: z.boolean(),
  /** Why it did not pass; null where it did. */
  reason: text.nullable(),
  /** Where the variant ran. */
  device: z.enum(['cpu', 'cuda', 'tensorrt']),
  dataset: z.strictObject({ name: text.min(1), fingerprint: text.min(1) }),
  generations: z.array(z.int().min(1).max(3)).min(1),
  levels: z.array(z.int().min(0).max(3)).min(1),
  seed: z.int().nonnegative(),
  /** Augmented pictures that both answered. */
  pictures: z.int().positive(),
  /** Pictures on which they are on different sides of 0.5. */
  flips: z.int().nonnegative(),
  /** The largest share of flips that passes. */
  limit: share,
  /** Largest and mean difference of the probability. */
  worst: share,
  mean: share,
  /** Reward as validators count it: of both, and the variant's minus the other's with its 95 % interval. */
  reward: z.strictObject({
    source: finite,
    variant: finite,
    difference: finite,
    low: finite,
    high: finite,
  }),
});

/** One image through the graph, median, ms; the two measured in turn on one machine. */
export const latencySchema = z.strictObject({
  device: z.enum(['cpu', 'cuda', 'tensorrt']),
  threads: z.int().positive(),
  sourceMs: finite.positive(),
  variantMs: finite.positive(),
  /** The processor or GPU it was measured on. */
  machine: text.min(1),
});

/** The record of a model that was made from another one of the bundle. */
export const variantSchema = z.strictObject({
  name: variantName,
  /** The variant's file. */
  path: text.min(1),
  /** The graph it was made from: with another SHA-256 in its place, the variant is stale. */
  from: z.strictObject({ path: text.min(1), sha256 }),
  at: z.iso.datetime({ offset: true }),
  /** How it was made: method, calibration pictures and such. */
  settings: z.record(z.string().min(1).max(100), z.union([text, finite, z.boolean()])),
  /** Versions of what made it. */
  tools: z.record(z.string().min(1).max(100), text),
  gate: gateSchema,
  latency: latencySchema,
});

export type Variant = z.infer<typeof variantSchema>;
export type Gate = z.infer<typeof gateSchema>;
export type Latency = z.infer<typeof latencySchema>;
