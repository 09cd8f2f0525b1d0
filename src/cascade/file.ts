import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { Bounds } from './bounds.ts';
import type { Combination } from './combine.ts';

const CASCADE_FORMAT = 'sv72.cascade/1';
const MOST_STAGES = 8;
const LARGEST = 1 << 20;

const name = z.string().min(1).max(80);
const amount = z.number().min(0);
const share = z.number().min(0).max(1);
const milliseconds = z.strictObject({ p50: amount, p95: amount });

const stage = z.strictObject({
  name,
  model: z.strictObject({ name: z.string(), version: z.string(), sha256: z.string().min(1).max(200) }),
  stopBelow: z.number().min(0).max(0.5),
  stopAbove: z.number().min(0.5).max(1),
  latencyMs: milliseconds,
  costPer1000: amount,
});

const policy = z.strictObject({
  reward: z.number(),
  latencyMs: amount,
  costPer1000: amount,
  decided: z.array(share),
});

const cascadeSchema = z
  .strictObject({
    format: z.literal(CASCADE_FORMAT),
    made: z.string().max(40),
    profile: z.string().max(80),
    dataset: z.strictObject({
      name: z.string(),
      fingerprint: z.string().nullable(),
      split: z.enum(['train', 'validation', 'test']).nullable(),
      pictures: z.int().min(1),
      views: z.int().min(1),
      seed: z.int().min(0),
    }),
    stages: z.array(stage).min(1).max(MOST_STAGES),
    combinations: z
      .array(
        z.strictObject({
          stages: z.array(name).min(1).max(MOST_STAGES),
          weights: z.array(z.number()).min(1).max(MOST_STAGES),
          bias: z.number(),
        }),
      )
      .max(2 ** MOST_STAGES),
    ridge: amount,
    figures: z.strictObject({ chosen: policy, firstOnly: policy, always: policy }),
  })
  .refine(({ stages }) => new Set(stages.map((each) => each.name)).size === stages.length, {
    message: 'two stages have the same name',
  })
  .refine(
    ({ stages, combinations }) => {
      const names = new Set(stages.map((each) => each.name));
      return combinations.every(
        (each) =>
          each.stages.length === each.weights.length &&
          new Set(each.stages).size === each.stages.length &&
          each.stages.every((one) => names.has(one)),
      );
    },
    { message: 'a combination is not one of the stages' },
  );

/** What `cascade fit` found: how the stages of a profile are weighed, and when one is sure. */
export type CascadeFile = z.infer<typeof cascadeSchema>;
/** What a way of asking is worth, and what it takes. */
export type PolicyFigures = CascadeFile['figures']['chosen'];

/** A stage as it runs now. */
export interface RunningStage {
  readonly name: string;
  /** Of the model, as its classifier says. */
  readonly sha256: string;
}

/**
 * Reads a file of `cascade fit`.
 *
 * @throws Sv72Error ERR_CASCADE_FILE
 */
export async function readCascade(path: string): Promise<CascadeFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Sv72Error('ERR_CASCADE_FILE', `The file of the cascade ${path} cannot be read.`, {
      cause,
      details: { path },
    });
  }
  return parseCascade(text, path);
}

/** @throws Sv72Error ERR_CASCADE_FILE */
export function parseCascade(text: string, path: string): CascadeFile {
  const failed = (why: string) =>
    new Sv72Error('ERR_CASCADE_FILE', `${path} is no file of a cascade: ${why}.`, { details: { path } });
  if (text.length > LARGEST) throw failed('it is larger than 1 MiB');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failed('it is not JSON');
  }
  const result = cascadeSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw failed(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'does not fit'}`);
}

/** As it is written: for people, too. */
export function cascadeText(file: Omit<CascadeFile, 'format'>): string {
  return `${JSON.stringify({ format: CASCADE_FORMAT, ...file }, null, 2)}\n`;
}

/**
 * The bounds of each running stage and the table of their combinations, once it is clear that they were fitted for
 * these very models.
 *
 * @throws Sv72Error ERR_CASCADE_STALE
 */
export function rulesFor(
  file: CascadeFile,
  running: readonly RunningStage[],
  path: string,
): { readonly bounds: readonly Bounds[]; readonly combinations: readonly Combination[] } {
  const wanted = running.map((each) => each.name);
  const fitted = file.stages.map((each) => each.name);
  if (wanted.join('\n') !== fitted.join('\n')) {
    throw new Sv72Error(
      'ERR_CASCADE_STALE',
      `${path} was fitted for the stages ${fitted.join(', ')}, and the profile has ${wanted.join(', ')}.`,
      { details: { path, fitted, stages: wanted } },
    );
  }
  const other = running.find(({ sha256 }, place) => file.stages[place]?.model.sha256 !== sha256);
  if (other !== undefined) {
    throw new Sv72Error(
      'ERR_CASCADE_STALE',
      `${path} was fitted for another model of the stage ${other.name} than the one that runs.`,
      { details: { path, stage: other.name, sha256: other.sha256 } },
    );
  }
  const place = new Map(fitted.map((each, index) => [each, index]));
  return {
    bounds: file.stages.map(({ stopBelow, stopAbove }) => ({ stopBelow, stopAbove })),
    combinations: file.combinations.map(({ stages, weights, bias }) => {
      const pairs = stages
        .map((each, at) => ({ place: place.get(each) ?? 0, weight: weights[at] ?? 0 }))
        .sort((a, b) => a.place - b.place);
      return { stages: pairs.map((pair) => pair.place), weights: pairs.map((pair) => pair.weight), bias };
    }),
  };
}
