import { createHash } from 'node:crypto';
import type { DatasetEntry } from '../format.ts';
import type { Dataset } from '../open.ts';
import { inventCaption, promptFor, randomFor } from './prompts.ts';

/** Name of the plan in the work folder, and of the folder of pictures beside it. */
export const PLAN_FILE = 'plan.json';
export const PICTURES = 'pictures';

/** Share of the pictures that begin with a photograph, where there are any. */
const FROM_PICTURES = 0.5;

interface SynthTask {
  /** Of the picture's file, without its ending: the same plan leads to the same names. */
  readonly name: string;
  readonly label: 0 | 1;
  readonly prompt: string;
  readonly caption: string;
  readonly seed: number;
  /** Path of the picture that it begins with, inside the dataset. */
  readonly begin: string | null;
  readonly group: string | null;
  /** Licence of the picture that it begins with. */
  readonly licence: string | null;
}

export interface SynthPlan {
  readonly tasks: readonly SynthTask[];
}

/**
 * Decides what each picture is to show: half with road works; of each half, half made from text and half begun with a
 * picture of the dataset (training part only), as validators do. The same seed and dataset give the same plan.
 */
export async function planPictures(count: number, seed: number, dataset?: Dataset): Promise<SynthPlan> {
  const begins: Record<0 | 1, DatasetEntry[]> = { 0: [], 1: [] };
  if (dataset !== undefined) {
    for await (const entry of dataset.entries({ split: 'train' })) begins[entry.label].push(entry);
  }
  const tasks = Array.from({ length: count }, (_, index): SynthTask => {
    const rng = randomFor(seed, index);
    const label = index % 2 === 0 ? 1 : 0;
    const [first, ...rest] = begins[label];
    const begin = first !== undefined && rng.chance(FROM_PICTURES) ? rng.pick([first, ...rest]) : undefined;
    const caption = begin?.description ?? inventCaption(label, rng);
    const task = {
      label,
      prompt: promptFor(label, caption),
      caption,
      seed: rng.integer(0, 2 ** 31 - 1),
      begin: begin?.path ?? null,
      group: begin?.group ?? null,
      licence: begin?.licence ?? null,
    } as const;
    const digest = createHash('sha256')
      .update(JSON.stringify([index, task]))
      .digest('hex');
    return { name: `${String(index).padStart(6, '0')}-${digest.slice(0, 12)}`, ...task };
  });
  return { tasks };
}
