import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Sv72Error } from '../errors/index.ts';
import { type DatasetEntry, parseEntry } from './format.ts';
import { linesOf } from './lines.ts';

const JOURNAL = 'journal.jsonl';
const PLAN = 'plan.json';
const LOCK = 'lock';

/** Files of the making; a kill at the very end may leave them in the finished folder. */
export const MAKING_FILES: readonly string[] = [JOURNAL, PLAN, LOCK];

/** A picture that was not taken. */
export interface LeftOut {
  /** Where it came from: a file, or a row of one. */
  readonly origin: string;
  readonly reason: string;
}

/** A picture that lies in the workshop, before the set is split. */
export type Finished = Omit<DatasetEntry, 'split'>;

/** One line of the journal: what became of one picture. */
type JournalRecord =
  | { readonly origin: string; readonly entry: Finished }
  | { readonly origin: string; readonly leftOut: string };

/**
 * The folder beside the target where a dataset is made, kept when the making stops half-way, so that the next run
 * continues. One process at a time.
 */
export interface Workshop {
  readonly dir: string;
  /** Whether an earlier run dealt with this picture. */
  isDone(origin: string): boolean;
  readonly done: number;
  put(path: string, bytes: Uint8Array): Promise<void>;
  record(record: JournalRecord): Promise<void>;
  records(): AsyncGenerator<JournalRecord>;
  close(): Promise<void>;
}

const lineSchema = z.union([
  z.strictObject({ origin: z.string(), entry: z.looseObject({}) }),
  z.strictObject({ origin: z.string(), leftOut: z.string() }),
]);

/**
 * Opens the workshop of a target folder. What is in it from an earlier run is taken up when that run followed the
 * same plan, and removed otherwise.
 *
 * @param plan what is being made, in words that are the same from run to run.
 * @throws Sv72Error ERR_DATASET_BUSY, and whatever the file system says
 */
export async function openWorkshop(target: string, plan: string): Promise<Workshop> {
  const dir = join(dirname(target), `.${basename(target)}.making`);
  // Not recursively: in a place like /proc that would never come back.
  await mkdir(dir).catch((error: unknown) => {
    if (!existsSync(dir)) throw error;
  });
  const lock = lockOf(dir);
  let journal: FileHandle | undefined;
  try {
    if ((await textOf(join(dir, PLAN))) !== plan) await startOver(dir, plan);
    const path = join(dir, JOURNAL);
    const origins = await repair(path);
    const handle = await open(path, 'a');
    journal = handle;
    const made = new Set<string>();
    return {
      dir,
      isDone: (origin) => origins.has(origin),
      get done() {
        return origins.size;
      },
      async put(name, bytes) {
        const folder = dirname(join(dir, name));
        if (!made.has(folder)) await mkdir(folder, { recursive: true });
        made.add(folder);
        await writeFile(join(dir, name), bytes);
      },
      async record(entry) {
        await handle.appendFile(`${JSON.stringify(entry)}\n`);
        origins.add(entry.origin);
      },
      async *records() {
        for await (const line of linesOf(path)) {
          const record = parseRecord(line);
          if (record !== undefined) yield record;
        }
      },
      async close() {
        await handle.close();
        lock.close();
      },
    };
  } catch (error) {
    await journal?.close();
    lock.close();
    throw error;
  }
}

/** Removes what is not part of the dataset, once the folder was moved into place. */
export async function clearWorkshop(dir: string): Promise<void> {
  for (const name of MAKING_FILES) await rm(join(dir, name), { force: true });
}

/** A lock that the kernel takes away with the process, however that ends: SQLite's on an empty file. */
function lockOf(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, LOCK), { timeout: 0 });
  try {
    db.exec('PRAGMA journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (cause) {
    db.close();
    throw new Sv72Error('ERR_DATASET_BUSY', `Another sv72 is at work in ${dir}.`, { cause });
  }
}

async function startOver(dir: string, plan: string): Promise<void> {
  for (const name of ['pictures', JOURNAL]) await rm(join(dir, name), { recursive: true, force: true });
  await writeFile(join(dir, PLAN), plan);
}

/** The origins in the journal, after cutting off a last line that a kill or a full disk left unfinished. */
async function repair(path: string): Promise<Set<string>> {
  const origins = new Set<string>();
  if (!existsSync(path)) return origins;
  const bytes = await readFile(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) await truncate(path, whole);
  for await (const line of linesOf(path)) {
    const record = parseRecord(line);
    if (record !== undefined) origins.add(record.origin);
  }
  return origins;
}

function parseRecord(line: string): JournalRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return undefined;
  if ('leftOut' in parsed.data) return parsed.data;
  const checked = parseEntry(JSON.stringify({ ...parsed.data.entry, split: 'train' }));
  if (typeof checked === 'string') return undefined;
  const { split: _, ...entry } = checked;
  return { origin: parsed.data.origin, entry };
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined);
}
