import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writeWhole } from '../../config/index.ts';
import { STEPS, type Step } from './step.ts';

const step = z.enum(STEPS);

const schema = z.strictObject({
  format: z.literal(1),
  /** Name of the run's folder. */
  id: z.string(),
  /** What it was begun with: only the same options take it up again. */
  options: z.string(),
  version: z.string(),
  /** Bundle that was in service when it began, which the new one is compared with. */
  live: z.string(),
  begun: z.array(step),
  done: z.array(z.strictObject({ step, seconds: z.number() })),
  outcome: z.enum(['open', 'done', 'not better', 'rolled back']),
  spentMs: z.number(),
});

/** What is remembered of a run: enough to go on with it in another process. */
export type RunRecord = z.infer<typeof schema>;

const FILE = 'run.json';

/** The last run of the folder that did not come to its end; undefined when there is none. */
export async function openRun(folder: string): Promise<RunRecord | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const last = names.at(-1);
  if (last === undefined) return undefined;
  const record = await readRun(join(folder, last));
  return record?.outcome === 'open' ? record : undefined;
}

async function readRun(dir: string): Promise<RunRecord | undefined> {
  const text = await readIfThere(join(dir, FILE));
  try {
    return schema.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}

export async function saveRun(dir: string, record: RunRecord): Promise<void> {
  await writeWhole(join(dir, FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/** @param now Unix milliseconds: later runs sort behind earlier ones */
export function newRun(
  { options, version, live }: Pick<RunRecord, 'options' | 'version' | 'live'>,
  now: number,
): RunRecord {
  const id = new Date(now)
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  return { format: 1, id, options, version, live, begun: [], done: [], outcome: 'open', spentMs: 0 };
}

export function isDone(record: RunRecord, name: Step): boolean {
  return record.done.some(({ step: done }) => done === name);
}
