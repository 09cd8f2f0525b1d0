import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import {
  DATASET_FORMAT,
  type DatasetEntry,
  type DatasetManifest,
  ENTRIES_FILE,
  MANIFEST_FILE,
  manifestSchema,
  parseEntry,
  problemOf,
  type Split,
} from './format.ts';
import { linesOf } from './lines.ts';

/** Which pictures; nothing given means all. */
export interface EntryFilter {
  readonly split?: Split | readonly Split[];
  readonly label?: 0 | 1;
  readonly source?: string;
}

/** A dataset whose list of pictures was checked. Its pictures are checked as they are read. */
export interface Dataset {
  /** Absolute path. */
  readonly dir: string;
  readonly manifest: DatasetManifest;
  /** SHA-256 of entries.jsonl: changes with any picture, label or split. */
  readonly fingerprint: string;
  /**
   * The pictures in the order of the file, one line in memory at a time.
   * @throws Sv72Error ERR_DATASET_DAMAGED at the first line that is not valid.
   */
  entries(filter?: EntryFilter): AsyncGenerator<DatasetEntry>;
  /**
   * The bytes of a picture's file.
   * @throws Sv72Error ERR_DATASET_DAMAGED when it is missing or its SHA-256 is another.
   */
  read(entry: Pick<DatasetEntry, 'path' | 'sha256'>): Promise<Uint8Array>;
}

/**
 * Opens a dataset folder: reads dataset.json and compares the hash of entries.jsonl.
 *
 * @throws Sv72Error ERR_DATASET_MISSING, ERR_DATASET_FORMAT, ERR_DATASET_DAMAGED
 */
export async function openDataset(folder: string): Promise<Dataset> {
  const dir = resolve(folder);
  const manifest = await readManifest(dir);
  const list = join(dir, ENTRIES_FILE);
  const found = await hashOf(list);
  if (found !== manifest.entries.sha256) {
    throw new Sv72Error(
      'ERR_DATASET_DAMAGED',
      `${list} ${found === undefined ? 'is missing' : `is not the file that ${MANIFEST_FILE} lists: it was changed or cut off`}.`,
      { details: { dataset: dir, file: ENTRIES_FILE } },
    );
  }
  return {
    dir,
    manifest,
    fingerprint: manifest.entries.sha256,
    async *entries(filter = {}) {
      let number = 0;
      for await (const line of linesOf(list)) {
        number++;
        const entry = parseEntry(line);
        if (typeof entry === 'string') {
          throw new Sv72Error('ERR_DATASET_DAMAGED', `${list}, line ${number}: ${entry}.`, {
            details: { dataset: dir, file: ENTRIES_FILE, line: number },
          });
        }
        if (matches(entry, filter)) yield entry;
      }
    },
    read: (entry) => readPicture(dir, entry),
  };
}

async function readManifest(dir: string): Promise<DatasetManifest> {
  const path = join(dir, MANIFEST_FILE);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new Sv72Error('ERR_DATASET_DAMAGED', `${path} is not JSON.`, { cause });
    }
    throw new Sv72Error('ERR_DATASET_MISSING', `There is no dataset in ${dir}.`, {
      details: { dataset: dir },
      cause,
    });
  }
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format !== DATASET_FORMAT) {
    throw new Sv72Error(
      'ERR_DATASET_FORMAT',
      `The dataset ${dir} has format ${format}; this version of sv72 knows format ${DATASET_FORMAT}.`,
      { details: { dataset: dir, format, known: DATASET_FORMAT } },
    );
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  throw new Sv72Error('ERR_DATASET_DAMAGED', `${path} is not valid: ${problemOf(result.error)}.`, {
    details: { dataset: dir, file: MANIFEST_FILE },
  });
}

async function readPicture(
  dir: string,
  { path, sha256 }: Pick<DatasetEntry, 'path' | 'sha256'>,
): Promise<Uint8Array> {
  const damaged = (what: string, cause?: unknown) =>
    new Sv72Error('ERR_DATASET_DAMAGED', `The picture ${join(dir, path)} ${what}.`, {
      details: { dataset: dir, file: path },
      cause,
    });
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(dir, path));
  } catch (cause) {
    throw damaged('is missing or cannot be read', cause);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw damaged('was changed: its SHA-256 is another than its name says');
  }
  return bytes;
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

function matches(entry: DatasetEntry, { split, label, source }: EntryFilter): boolean {
  return (
    (split === undefined ||
      (typeof split === 'string' ? entry.split === split : split.includes(entry.split))) &&
    (label === undefined || entry.label === label) &&
    (source === undefined || entry.source === source)
  );
}
