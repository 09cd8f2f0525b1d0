import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { moveIntoPlace } from '../scratch/index.ts';
import { writeFailed } from './disk.ts';
import {
  type Counts,
  DATASET_FORMAT,
  type DatasetEntry,
  type DatasetManifest,
  type DatasetSource,
  ENTRIES_FILE,
  LEFT_OUT_FILE,
  MANIFEST_FILE,
  manifestSchema,
  problemOf,
  type Shares,
} from './format.ts';
import { interrupted } from './interrupted.ts';
import { type Dataset, openDataset } from './open.ts';
import { inspectPicture } from './picture.ts';
import { endingOf } from './picture-format.ts';
import { DEFAULT_SHARES, splitByGroup } from './split.ts';
import {
  clearWorkshop,
  type Finished,
  type LeftOut,
  MAKING_FILES,
  openWorkshop,
  type Workshop,
} from './workshop.ts';

/** Places in a picture: x and y in pixels from the top left. */
type Points = readonly (readonly [number, number])[];

/** A picture to put into a dataset. */
export interface NewPicture {
  /** Names it, the same from run to run: a file, or a row of one. What a stopped run took is not loaded again. */
  readonly origin: string;
  /** The file's bytes, with the points in its objects where only the file tells them. */
  readonly load: () => Promise<Uint8Array | { readonly bytes: Uint8Array; readonly objects: Points }>;
  /** 1 roadwork, 0 none. */
  readonly label: 0 | 1;
  readonly soft?: number;
  /** Id of one of the sources. */
  readonly source: string;
  /** Default: the licence of the source. */
  readonly licence?: string;
  /** What it must stay together with. Default: itself alone. */
  readonly group?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  /** Points in objects, the largest first, in pixels of the picture as loaded. */
  readonly objects?: Points;
}

export interface WriteProgress {
  /** Pictures dealt with, those of an earlier run included. */
  readonly done: number;
  /** Pictures expected in all, where that is known. */
  readonly of: number | undefined;
  readonly leftOut: number;
}

export interface WriteDatasetOptions {
  /** The folder to create. */
  readonly dir: string;
  /** Default: the folder's name. */
  readonly name?: string;
  readonly made: { readonly by: string; readonly command: string | null };
  readonly sources: readonly DatasetSource[];
  /** Pictures, and those that could not even be read as such. */
  readonly pictures: AsyncIterable<NewPicture | LeftOut> | Iterable<NewPicture | LeftOut>;
  /** Names the state of what the pictures come from; a run that was stopped is continued only while it is the same. */
  readonly state?: string;
  /** How many there will be, for the progress. */
  readonly expected?: number;
  readonly split?: { readonly seed: number; readonly shares?: Shares };
  /** Scales pictures whose shorter side is longer down to it. */
  readonly shorterSide?: number;
  /** Put the new dataset in the place of what is there. Without it an existing folder is an error. */
  readonly replace?: boolean;
  /** Pictures that are decoded at the same time. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WriteProgress) => void;
  readonly now?: () => Date;
}

export interface WrittenDataset {
  readonly dataset: Dataset;
  /** Pictures that were not taken; also in the folder's left-out.jsonl. */
  readonly leftOut: readonly LeftOut[];
  /** Pictures that were there more than once, byte for byte, and are kept once. */
  readonly duplicates: number;
}

/**
 * Makes a dataset folder: every picture is decoded whole and stored under its hash, the set is split so that groups
 * and near-duplicates stay together, and the finished folder is moved into place. What stops half-way (Ctrl-C, a full
 * disk, a kill) leaves the target as it was and is continued by the next run with the same options.
 *
 * @throws Sv72Error ERR_DATASET_EXISTS, ERR_DATASET_BUSY, ERR_DATASET_EMPTY (no picture at all), ERR_DISK_FULL,
 *   ERR_FILE_WRITE, ERR_INTERRUPTED, and what `pictures` throws
 */
export async function writeDataset(options: WriteDatasetOptions): Promise<WrittenDataset> {
  const target = resolve(options.dir);
  const name = nameOf(target, options.name);
  await requirePlace(target, options.replace === true);
  let workshop: Workshop | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    workshop = await openWorkshop(target, planOf(options));
    await takeAll(workshop, options);
    const result = await finish(workshop, { ...options, name });
    await moveIntoPlace(workshop.dir, target);
    await workshop.close();
    await clearWorkshop(target);
    return { ...result, dataset: await openDataset(target) };
  } catch (error) {
    await workshop?.close().catch(() => undefined);
    if (workshop !== undefined && error instanceof Sv72Error && error.code === 'ERR_DATASET_EMPTY') {
      await rm(workshop.dir, { recursive: true, force: true });
    }
    throw writeFailed(`dataset ${target}`, error, workshop?.dir);
  }
}

/** @throws Sv72Error ERR_USAGE for a name that was given and cannot be one */
function nameOf(target: string, given: string | undefined): string {
  const name =
    given ??
    basename(target)
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100);
  const checked = manifestSchema.shape.name.safeParse(name === '' ? 'dataset' : name);
  if (checked.success) return checked.data;
  throw new Sv72Error(
    'ERR_USAGE',
    'The name of a dataset is made of letters, digits, dots, dashes and underscores, begins with a letter or a digit, and has at most 100 of them.',
  );
}

/** What a dataset's folder holds. */
const OWN_FILES = [MANIFEST_FILE, ENTRIES_FILE, LEFT_OUT_FILE, 'pictures', ...MAKING_FILES];

/**
 * Refuses a folder in which no dataset can be made. Nothing but a dataset, or an empty folder, is ever replaced: what
 * else lies in a folder is not ours to remove. For commands with hours of work before the dataset is written.
 *
 * @throws Sv72Error ERR_DATASET_EXISTS
 */
export async function requirePlace(folder: string, replace: boolean): Promise<void> {
  const target = resolve(folder);
  if (!existsSync(target)) return;
  const there = await readdir(target).catch(() => undefined);
  if (there?.length === 0) return;
  const details = { dataset: target };
  if (!replace) throw new Sv72Error('ERR_DATASET_EXISTS', `${target} already exists.`, { details });
  const stray = there?.includes(MANIFEST_FILE) ? there.find((name) => !OWN_FILES.includes(name)) : '';
  if (stray === undefined) return;
  const what = stray === '' ? 'is no dataset' : `holds ${stray}, which belongs to no dataset`;
  throw new Sv72Error('ERR_DATASET_EXISTS', `${target} ${what}, so it is not replaced.`, {
    next: 'Name another folder, or remove it yourself.',
    details,
  });
}

function planOf({ sources, shorterSide, state }: WriteDatasetOptions): string {
  return JSON.stringify({ format: DATASET_FORMAT, sources, shorterSide, state });
}

/** Takes the pictures in, several at a time. The first failure stops the rest. */
async function takeAll(workshop: Workshop, options: WriteDatasetOptions): Promise<void> {
  const { signal, onProgress, expected, concurrency = 4 } = options;
  const licences = new Map(options.sources.map(({ id, licence }) => [id, licence]));
  const running = new Set<Promise<void>>();
  let leftOut = 0;
  let failure: { error: unknown } | undefined;
  const report = () => onProgress?.({ done: workshop.done, of: expected, leftOut });

  report();
  for await (const item of options.pictures) {
    if (signal?.aborted) {
      failure ??= { error: interrupted() };
    }
    if (failure !== undefined) break;
    if (workshop.isDone(item.origin)) continue;
    const work = takeOne(workshop, item, licences, options)
      .then((taken) => {
        if (!taken) leftOut++;
        report();
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(work));
    running.add(work);
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}

async function takeOne(
  workshop: Workshop,
  item: NewPicture | LeftOut,
  licences: ReadonlyMap<string, string>,
  { shorterSide }: WriteDatasetOptions,
): Promise<boolean> {
  const { origin } = item;
  if ('reason' in item) {
    await workshop.record({ origin, leftOut: item.reason });
    return false;
  }
  const given = await item.load().catch(unreadable);
  if (typeof given === 'string') {
    await workshop.record({ origin, leftOut: given });
    return false;
  }
  if ((given instanceof Uint8Array ? given : given.bytes).length === 0) {
    await workshop.record({ origin, leftOut: 'it has no bytes' });
    return false;
  }
  const loaded = given instanceof Uint8Array ? { bytes: given, objects: item.objects } : given;
  const picture = await inspectPicture(loaded.bytes, { ...(shorterSide && { shorterSide }) });
  if (typeof picture === 'string') {
    await workshop.record({ origin, leftOut: picture });
    return false;
  }
  const { bytes, sha256, format, width, height, phash, scale } = picture;
  const path = `pictures/${sha256.slice(0, 2)}/${sha256}${endingOf(format)}`;
  const { label, soft, source, group, tags, description } = item;
  await workshop.put(path, bytes);
  await workshop.record({
    origin,
    entry: {
      ...{ sha256, path, bytes: bytes.length, format, width, height, label },
      ...(soft !== undefined && { soft }),
      source,
      licence: item.licence ?? licences.get(source) ?? 'unknown',
      group: group ?? `picture:${sha256.slice(0, 16)}`,
      phash,
      tags: [...(tags ?? [])],
      ...(description !== undefined && { description: description.slice(0, 20_000) }),
      ...(loaded.objects !== undefined && {
        objects: loaded.objects
          .map(([x, y]): [number, number] => [x * scale, y * scale])
          .filter(([x, y]) => x >= 0 && y >= 0 && x < width && y < height)
          .slice(0, 1_000),
      }),
    },
  });
  return true;
}

/** A picture whose own file cannot be read is left out; anything else that goes wrong ends the run. */
function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'its file is missing';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'its file may not be read';
  if (code === 'ENAMETOOLONG' || code === 'ELOOP' || code === 'ERR_INVALID_ARG_VALUE') {
    return 'its path is none that a file can have';
  }
  throw error;
}

/** Splits what was taken and writes the two lists and the manifest. */
async function finish(
  workshop: Workshop,
  options: WriteDatasetOptions & { readonly name: string },
): Promise<Omit<WrittenDataset, 'dataset'>> {
  const taken: { origin: string; entry: Finished }[] = [];
  const leftOut: LeftOut[] = [];
  for await (const record of workshop.records()) {
    if ('entry' in record) taken.push(record);
    else leftOut.push({ origin: record.origin, reason: record.leftOut });
  }
  taken.sort((a, b) => compare(a.entry.sha256, b.entry.sha256) || compare(a.origin, b.origin));
  const { seed, shares = DEFAULT_SHARES } = options.split ?? { seed: 0 };
  const splits = splitByGroup(
    taken.map(({ entry }) => entry),
    { seed, shares },
  );
  const contradicted = contradictions(taken);
  const kept: DatasetEntry[] = [];
  let duplicates = 0;
  taken.forEach(({ origin, entry }, index) => {
    if (contradicted.has(entry.sha256)) {
      leftOut.push({ origin, reason: 'the same picture is also there with the other label' });
    } else if (kept.at(-1)?.sha256 === entry.sha256) duplicates++;
    else kept.push({ ...entry, split: splits[index] ?? 'train' });
  });
  if (kept.length === 0) {
    const [first] = leftOut;
    const more = leftOut.length > 1 ? ` (and ${leftOut.length - 1} more)` : '';
    const why = first === undefined ? 'there was none' : `${first.origin}: ${first.reason}${more}`;
    throw new Sv72Error('ERR_DATASET_EMPTY', `No picture could be taken: ${why}.`, {
      next: 'Mend what the message names; --json lists the first hundred.',
      details: { leftOut: leftOut.slice(0, 100).map(({ origin, reason }) => `${origin}: ${reason}`) },
    });
  }
  await sweep(workshop.dir, new Set(kept.map(({ path }) => path)));
  leftOut.sort((a, b) => byNumber.compare(a.origin, b.origin));
  const entries = await writeLines(join(workshop.dir, ENTRIES_FILE), kept);
  if (leftOut.length > 0) await writeLines(join(workshop.dir, LEFT_OUT_FILE), leftOut);
  const manifest: DatasetManifest = {
    format: DATASET_FORMAT,
    name: options.name,
    made: { ...options.made, at: (options.now?.() ?? new Date()).toISOString() },
    sources: options.sources.map((source) => ({ ...source })),
    split: { seed, shares: { ...shares } },
    counts: countsOf(kept, leftOut.length),
    entries,
  };
  const checked = manifestSchema.safeParse(manifest);
  if (!checked.success) {
    throw new Sv72Error('ERR_USAGE', `The dataset's ${problemOf(checked.error)}.`);
  }
  await writeDurably(join(workshop.dir, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return { leftOut, duplicates };
}

/** Pictures that are there with both labels: nobody can say which is right. */
function contradictions(taken: readonly { readonly entry: Finished }[]): Set<string> {
  const labels = new Map<string, number>();
  const found = new Set<string>();
  for (const { entry } of taken) {
    const before = labels.get(entry.sha256);
    if (before !== undefined && before !== entry.label) found.add(entry.sha256);
    labels.set(entry.sha256, entry.label);
  }
  return found;
}

function countsOf(entries: readonly DatasetEntry[], leftOut: number): Counts {
  const zero = () => ({ none: 0, roadwork: 0 });
  const counts = { train: zero(), validation: zero(), test: zero() };
  let bytes = 0;
  for (const entry of entries) {
    counts[entry.split][entry.label === 1 ? 'roadwork' : 'none'] += 1;
    bytes += entry.bytes;
  }
  return { pictures: entries.length, bytes, leftOut, ...counts };
}

/** Removes pictures that a run which was killed left without an entry. */
async function sweep(dir: string, paths: ReadonlySet<string>): Promise<void> {
  for (const shelf of await readdir(join(dir, 'pictures'))) {
    for (const name of await readdir(join(dir, 'pictures', shelf))) {
      const path = `pictures/${shelf}/${name}`;
      if (!paths.has(path)) await rm(join(dir, path), { force: true });
    }
  }
}

async function writeLines(
  path: string,
  values: readonly object[],
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < values.length; at += 1_000) {
      const text = values
        .slice(at, at + 1_000)
        .map((value) => `${JSON.stringify(value)}\n`)
        .join('');
      hash.update(text);
      bytes += Buffer.byteLength(text);
      await file.appendFile(text);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeDurably(path: string, text: string): Promise<void> {
  let file: FileHandle | undefined;
  try {
    await writeFile(path, text);
    file = await open(path, 'r');
    await file.sync();
  } finally {
    await file?.close();
  }
}

/** Row 10 comes after row 9. */
const byNumber = new Intl.Collator('en', { numeric: true });

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
