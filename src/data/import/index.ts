import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';
import { loadImageFolder } from '../../simulate/index.ts';
import { type DatasetSource, MANIFEST_FILE } from '../format.ts';
import { requireLicence } from '../licence.ts';
import { openDataset } from '../open.ts';
import type { LeftOut } from '../workshop.ts';
import { type NewPicture, type WriteDatasetOptions, type WrittenDataset, writeDataset } from '../write.ts';
import { cocoPictures } from './coco.ts';
import { csvRecords } from './csv.ts';
import { labelOf } from './labels.ts';
import { type ParquetPictures, parquetPictures } from './parquet/index.ts';
import { describeRow, find, labelColumnOf, type Row, type RowRules } from './rows.ts';

/** Pictures from one input, before they are in a dataset. */
export interface Input {
  readonly sources: readonly DatasetSource[];
  /** Pictures to come, where that is known beforehand. */
  readonly expected?: number;
  /** Changes when what is read changes. */
  readonly state: string;
  pictures(): AsyncGenerator<NewPicture | LeftOut> | Generator<NewPicture | LeftOut>;
}

export interface ImportRules extends RowRules {
  /** Licence of what comes in; each picture's own, where the input tells it, goes before. */
  readonly licence?: string;
  readonly attribution?: string;
  readonly acceptUnknownLicence?: boolean;
  /** Folder of the pictures of CSV and COCO files. */
  readonly images?: string;
  /** Keeps the pictures of one folder together. */
  readonly groupByFolder?: boolean;
}

export interface ImportOptions
  extends ImportRules,
    Omit<WriteDatasetOptions, 'sources' | 'pictures' | 'expected'> {
  /** Folders of images, datasets, CSV, parquet and COCO files. */
  readonly inputs: readonly string[];
}

/**
 * Makes a dataset of what lies in folders and files.
 *
 * @throws Sv72Error ERR_DATA_INPUT, ERR_DATA_LICENCE, ERR_IMAGE_FOLDER, and those of `writeDataset`
 */
export async function importDataset(options: ImportOptions): Promise<WrittenDataset> {
  const inputs: Input[] = [];
  for (const path of options.inputs) inputs.push(...(await openInput(path, options)));
  return await writeInputs(inputs, { ...options, state: rulesOf(options) });
}

/** What decides how inputs are read, as text: pictures that were read by other rules are not taken over. */
export function rulesOf(rules: ImportRules): string {
  const { positive, negative, labelColumn, imageColumn, validatorsFilter, images, groupByFolder } = rules;
  return JSON.stringify({
    positive,
    negative,
    labelColumn,
    imageColumn,
    validatorsFilter,
    images,
    groupByFolder,
  });
}

/** Writes the pictures of several inputs into one dataset. */
export async function writeInputs(
  inputs: readonly Input[],
  options: Omit<WriteDatasetOptions, 'sources' | 'pictures' | 'expected'>,
): Promise<WrittenDataset> {
  const sources = new Map<string, DatasetSource>();
  const renamed = inputs.map((input) => addSources(sources, input.sources));
  const expected = inputs.reduce<number | undefined>(
    (sum, input) => (sum === undefined || input.expected === undefined ? undefined : sum + input.expected),
    0,
  );
  return await writeDataset({
    ...options,
    sources: [...sources.values()],
    ...(expected !== undefined && { expected }),
    state: hashed([...inputs.map(({ state }) => state), options.state ?? '']),
    pictures: (async function* () {
      for (const [index, input] of inputs.entries()) {
        const prefix = inputs.length > 1 ? `${index + 1}:` : '';
        for await (const item of input.pictures()) {
          const origin = `${prefix}${item.origin}`;
          if ('reason' in item) yield { ...item, origin };
          else yield { ...item, origin, source: renamed[index]?.get(item.source) ?? item.source };
        }
      }
    })(),
  });
}

/** Adds an input's sources; one whose id another source bears gets a new one. @returns the ids by their old ones */
function addSources(
  all: Map<string, DatasetSource>,
  sources: readonly DatasetSource[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const source of sources) {
    let id = source.id;
    for (let number = 2; !isSame(all.get(id), { ...source, id }); number++) id = `${source.id}-${number}`;
    all.set(id, { ...source, id });
    ids.set(source.id, id);
  }
  return ids;
}

function isSame(one: DatasetSource | undefined, other: DatasetSource): boolean {
  return one === undefined || JSON.stringify(one) === JSON.stringify(other);
}

async function openInput(path: string, rules: ImportRules): Promise<Input[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new Sv72Error('ERR_FILE_READ', `${path} could not be read.`, { cause });
  });
  if (!info.isDirectory()) return [await fileInput(path, rules)];
  const names = await readdir(path);
  if (names.includes(MANIFEST_FILE)) return [await datasetInput(path)];
  const csv = find(names, ['metadata.csv', 'labels.csv']);
  if (csv !== undefined) return [await fileInput(join(path, csv), rules)];
  const parquet = (await readdir(path, { recursive: true }))
    .filter((name) => name.endsWith('.parquet'))
    .sort();
  if (parquet.length > 0) return [await parquetInput(path, parquet, rules)];
  return [await folderInput(path, rules)];
}

async function fileInput(path: string, rules: ImportRules): Promise<Input> {
  switch (extname(path).toLowerCase()) {
    case '.parquet':
      return await parquetInput(dirname(path), [basename(path)], rules);
    case '.csv':
    case '.tsv':
      return await csvInput(path, rules);
    case '.json': {
      const source = sourceOf(path, rules);
      const { expected, pictures } = await cocoPictures(path, source.id, rules);
      return { sources: [source], expected, pictures, state: await stateOf([path]) };
    }
    default:
      throw new Sv72Error('ERR_DATA_INPUT', `${path} is none of .parquet, .csv, .tsv and .json (COCO).`, {
        details: { input: path },
      });
  }
}

async function folderInput(path: string, rules: ImportRules): Promise<Input> {
  const source = sourceOf(path, rules);
  const found = await loadImageFolder(path, (name) => labelOf(name, rules));
  return {
    sources: [source],
    expected: found.length,
    state: await stateOf(found.map((image) => image.path)),
    async *pictures() {
      for (const folder of await readdir(path, { withFileTypes: true })) {
        if (!folder.isDirectory() || folder.name.startsWith('.') || labelOf(folder.name, rules) !== undefined)
          continue;
        const reason = 'its name stands for neither class (see --positive and --negative)';
        yield { origin: `${source.id}/${folder.name}/`, reason };
      }
      for (const { path: file, label } of found) {
        const name = relative(path, file);
        yield {
          origin: `${source.id}/${name}`,
          load: () => readFile(file),
          label,
          source: source.id,
          ...(rules.groupByFolder && { group: `folder:${source.id}/${dirname(name)}` }),
        };
      }
    },
  };
}

async function parquetInput(folder: string, names: readonly string[], rules: ImportRules): Promise<Input> {
  const source = sourceOf(names.length === 1 ? join(folder, names[0] ?? '') : folder, rules);
  const files: ParquetPictures[] = [];
  for (const name of names) {
    files.push(await parquetPictures(join(folder, name), source.id, rules, `${source.id}/${name}`));
  }
  return {
    sources: [source],
    expected: files.reduce((sum, { rows }) => sum + rows, 0),
    state: await stateOf(names.map((name) => join(folder, name))),
    async *pictures() {
      for (const file of files) yield* file.pictures();
    },
  };
}

async function csvInput(path: string, rules: ImportRules): Promise<Input> {
  const source = sourceOf(path, rules);
  const root = rules.images ?? dirname(path);
  const header = await firstRecord(path);
  if (header === undefined)
    throw new Sv72Error('ERR_DATA_INPUT', `${path} is empty.`, { details: { input: path } });
  const image = find(header, rules.imageColumn === undefined ? PATH_COLUMNS : [rules.imageColumn]);
  const label = labelColumnOf(header, rules);
  if (image === undefined || label === undefined) {
    const kind = image === undefined ? 'image' : 'label';
    throw new Sv72Error(
      'ERR_DATA_INPUT',
      `${path} has no column of ${kind === 'image' ? 'paths of pictures' : 'labels'}.`,
      {
        next: `Name the column with --${kind}-column; the file has: ${header.slice(0, 30).join(', ')}.`,
        details: { input: path },
      },
    );
  }
  for (const column of [image, label]) {
    if (header.indexOf(column) === header.lastIndexOf(column)) continue;
    throw new Sv72Error('ERR_DATA_INPUT', `${path} has more than one column named ${column}.`, {
      next: 'Give each column a name of its own.',
      details: { input: path },
    });
  }
  return {
    sources: [source],
    state: await stateOf([path]),
    async *pictures() {
      let line = 0;
      for await (const record of csvRecords(path)) {
        if (line++ === 0) continue;
        const row: Row = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']));
        const name = String(row[image]).trim();
        const origin = `${source.id}#${line} ${name}`;
        const about = describeRow(row, origin, source.id, rules);
        if ('reason' in about) yield about;
        else if (name === '') yield { origin, reason: 'it names no picture' };
        else {
          const file = isAbsolute(name) ? name : join(root, name);
          const group = rules.groupByFolder ? `folder:${source.id}/${dirname(name)}` : about.group;
          yield { ...about, ...(group !== undefined && { group }), load: () => readFile(file) };
        }
      }
    },
  };
}

const PATH_COLUMNS = ['file_name', 'filename', 'file', 'path', 'image', 'image_path', 'img', 'picture'];

async function firstRecord(path: string): Promise<string[] | undefined> {
  for await (const record of csvRecords(path)) return record.map((name) => name.trim());
  return undefined;
}

/** A dataset of ours: its sources, licences, groups and points come along; it is split anew. */
async function datasetInput(path: string): Promise<Input> {
  const dataset = await openDataset(path);
  return {
    sources: dataset.manifest.sources,
    expected: dataset.manifest.counts.pictures,
    state: dataset.fingerprint,
    async *pictures() {
      for await (const entry of dataset.entries()) {
        const { sha256, label, soft, source, licence, group, tags, description, objects } = entry;
        yield {
          origin: `${dataset.manifest.name}/${sha256}`,
          load: () => dataset.read(entry),
          ...{ label, source, licence, group, tags },
          ...(soft !== undefined && { soft }),
          ...(description !== undefined && { description }),
          ...(objects !== undefined && { objects }),
        };
      }
    },
  };
}

/** Sizes and times of files, so that a stopped import of a table that was mended meanwhile begins anew. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const states: string[] = [];
  for (const path of paths) {
    const { size, mtimeMs } = (await stat(path).catch(() => undefined)) ?? { size: -1, mtimeMs: -1 };
    states.push(`${path} ${size} ${mtimeMs}`);
  }
  return hashed(states);
}

function hashed(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

function sourceOf(path: string, { licence, attribution, acceptUnknownLicence }: ImportRules): DatasetSource {
  const title = basename(resolve(path));
  return {
    id: title.replaceAll(/[^A-Za-z0-9._-]+/g, '-'),
    title,
    licence: requireLicence(licence, title, acceptUnknownLicence ?? false),
    attribution: attribution ?? null,
    url: null,
    revision: null,
  };
}
