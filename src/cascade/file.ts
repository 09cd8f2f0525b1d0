import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import type { Bounds } from './bounds.ts';
import type { Combination } from './combine.ts';

const CASCADE_FORMAT = 'sv72.cascade/1';
const MOST_STAGES = 8;
/** Earlier fits that a file keeps. */
const MOST_OTHERS = 7;
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

const fit = {
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
};

const NAMES_TWICE = { message: 'two stages have the same name' };
const STRANGE = { message: 'a combination is not one of the stages' };

const fitSchema = z.strictObject(fit).refine(hasOwnNames, NAMES_TWICE).refine(combinesItsStages, STRANGE);

const cascadeSchema = z
  .strictObject({
    format: z.literal(CASCADE_FORMAT),
    ...fit,
    others: z.array(fitSchema).max(MOST_OTHERS).default([]),
  })
  .refine(hasOwnNames, NAMES_TWICE)
  .refine(combinesItsStages, STRANGE);

function hasOwnNames({ stages }: Pick<CascadeFit, 'stages'>): boolean {
  return new Set(stages.map((each) => each.name)).size === stages.length;
}

function combinesItsStages({ stages, combinations }: Pick<CascadeFit, 'stages' | 'combinations'>): boolean {
  const names = new Set(stages.map((each) => each.name));
  return combinations.every(
    (each) =>
      each.stages.length === each.weights.length &&
      new Set(each.stages).size === each.stages.length &&
      each.stages.every((one) => names.has(one)),
  );
}

/** What `cascade fit` found for some models: how the stages of a profile are weighed, and when one is sure. */
export type CascadeFit = { [Key in keyof typeof fit]: z.infer<(typeof fit)[Key]> };
/** The last fit, and earlier ones for other models of the same stages. */
export type CascadeFile = z.infer<typeof cascadeSchema>;
/** What a way of asking is worth, and what it takes. */
export type PolicyFigures = CascadeFit['figures']['chosen'];

/** A stage as it runs now. */
export interface RunningStage {
  readonly name: string;
  /** As its classifier says. */
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
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
export function cascadeText({
  others = [],
  ...fitted
}: CascadeFit & Partial<Pick<CascadeFile, 'others'>>): string {
  return `${JSON.stringify({ format: CASCADE_FORMAT, ...fitted, others }, null, 2)}\n`;
}

/** A file with one more fit: those for other models of the same stages are kept, the latest ones. */
export function withFit(
  before: CascadeFile | undefined,
  fitted: CascadeFit,
): CascadeFit & Pick<CascadeFile, 'others'> {
  const { others, first } = before === undefined ? { others: [], first: [] } : fitsOf(before);
  const kept = [...first, ...others].filter(
    (each) => hasStages(each, namesOf(fitted)) && !isFor(each, fitted.stages),
  );
  return { ...fitted, others: kept.slice(0, MOST_OTHERS) };
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
  const { first, others } = fitsOf(file);
  const found = [...first, ...others].find(
    (each) => hasStages(each, namesOf({ stages: running })) && isFor(each, running),
  );
  if (found === undefined) throw stale(file, running, path);
  const place = new Map(namesOf(found).map((each, index) => [each, index]));
  return {
    bounds: found.stages.map(({ stopBelow, stopAbove }) => ({ stopBelow, stopAbove })),
    combinations: found.combinations.map(({ stages, weights, bias }) => {
      const pairs = stages
        .map((each, at) => ({ place: place.get(each) ?? 0, weight: weights[at] ?? 0 }))
        .sort((a, b) => a.place - b.place);
      return { stages: pairs.map((pair) => pair.place), weights: pairs.map((pair) => pair.weight), bias };
    }),
  };
}

function fitsOf({ format: _, others, ...first }: CascadeFile): { first: [CascadeFit]; others: CascadeFit[] } {
  return { first: [first], others };
}

function namesOf({ stages }: { readonly stages: readonly { readonly name: string }[] }): string[] {
  return stages.map((each) => each.name);
}

function hasStages(fitted: CascadeFit, names: readonly string[]): boolean {
  return namesOf(fitted).join('\n') === names.join('\n');
}

function isFor(fitted: CascadeFit, running: readonly RunningStage[]): boolean {
  return fitted.stages.every(({ model }, place) => model.sha256 === running[place]?.model.sha256);
}

function stale(file: CascadeFile, running: readonly RunningStage[], path: string): Sv72Error {
  const wanted = namesOf({ stages: running });
  const fitted = namesOf(file);
  const again = `sv72 cascade fit --profile ${file.profile}`;
  if (!hasStages(file, wanted)) {
    return new Sv72Error(
      'ERR_CASCADE_STALE',
      `${path} was fitted for the stages ${fitted.join(', ')}, and the profile has ${wanted.join(', ')}.`,
      { details: { path, fitted, stages: wanted } },
    );
  }
  const place = Math.max(
    0,
    running.findIndex(({ model }, at) => file.stages[at]?.model.sha256 !== model.sha256),
  );
  const model = running[place]?.model ?? { name: '?', version: '?', sha256: '' };
  const before = file.stages[place]?.model ?? model;
  const stage = wanted[place] ?? '';
  const bundle = place === 0 && model.version !== '-' ? ' --bundle ITS-FOLDER' : '';
  return new Sv72Error(
    'ERR_CASCADE_STALE',
    `${path} has no fit for ${title(model)}, which is to be the stage ${stage}: it was fitted for another model, ${title(before)}.`,
    {
      details: { path, stage, sha256: model.sha256, fitted: before.sha256 },
      next: `Run \`${again}${bundle} --data DIR --out ${path}\`, which adds a fit to the file and leaves a running miner undisturbed, and try again.`,
    },
  );
}

/** Versions may stay the same while the model changes. */
function title({ name, version, sha256 }: RunningStage['model']): string {
  return `${name}${version === '-' ? '' : ` ${version}`} (${sha256.slice(0, 8)})`;
}
