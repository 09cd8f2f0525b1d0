import { type FileHandle, open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { Sv72Error } from '../../../errors/index.ts';
import type { LeftOut } from '../../workshop.ts';
import type { NewPicture } from '../../write.ts';
import { textOf } from '../labels.ts';
import { describeRow, find, labelColumnOf, type Row, type RowRules } from '../rows.ts';

/** Pictures of a row group that are held in memory at a time, where the file says where its pages are. */
const WINDOW_ROWS = 64;

/** Bytes of the largest piece of a file that is held in memory: a column of a row group. */
const MAX_CHUNK = 1 << 30;

/** Windows of the largest group of rows that is believed. */
const MOST_WINDOWS = 1e6;

const IMAGE_COLUMNS = ['image', 'img', 'picture', 'photo', 'jpeg', 'bytes', 'image_bytes'];

/** Codecs beyond Snappy, which hyparquet brings along. More than a page says it holds is not unpacked. */
const compressors: Compressors = {
  GZIP: (input, most) => new Uint8Array(gunzipSync(input, { maxOutputLength: most })),
  ZSTD: (input, most) => new Uint8Array(zstdDecompressSync(input, { maxOutputLength: most })),
  BROTLI: (input, most) => new Uint8Array(brotliDecompressSync(input, { maxOutputLength: most })),
};

/** Rows that are read at once: from the first to before the last. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What a row says of its picture, or why it is left out. */
export type DescribedRow = Omit<NewPicture, 'load'> | LeftOut;

export interface PictureFile {
  readonly path: string;
  /** Id of the source. */
  readonly source: string;
  /** How origins name the file. */
  readonly name: string;
  readonly rules: RowRules;
}

/** A parquet file of pictures, opened as far as its table of contents. */
export interface OpenedFile {
  readonly rows: number;
  windows(): Window[];
  rowsOf(window: Window): Promise<DescribedRow[]>;
  /** The bytes of the pictures of a window, in the order of its rows; empty where there is none. */
  picturesOf(window: Window): Promise<Uint8Array[]>;
  close(): Promise<void>;
}

/**
 * Opens a parquet file with a column of pictures (as Hugging Face writes them: a struct with `bytes`, or plain bytes)
 * and one of labels. Other people's files are read by a process of its own, see `index.ts`: what a parser makes of a
 * damaged one cannot be foreseen.
 *
 * @param onRead called with the bytes of each piece that is read
 * @throws Sv72Error ERR_FILE_READ, ERR_DATA_INPUT for a damaged file, or one without such columns
 */
export async function openParquet(
  { path, source, name, rules }: PictureFile,
  onRead: (bytes: number) => void = () => undefined,
): Promise<OpenedFile> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new Sv72Error('ERR_FILE_READ', `${path} could not be read.`, { cause });
  });
  try {
    const file = bufferOf(handle, (await handle.stat()).size, onRead);
    const metadata = await reading(path, () => parquetMetadataAsync(file, { geoparquet: false }));
    const { image, described, labelNames } = await reading(path, async () =>
      columnsOf(path, metadata, rules),
    );
    const named = { ...rules, labelNames };
    const rowsIn = ({ from, to }: Window, columns: string[]) =>
      reading(path, () => readRows({ file, metadata, columns, rowStart: from, rowEnd: to }));
    return {
      rows: Number(metadata.num_rows),
      windows: () => windowsOf(path, metadata, image),
      async rowsOf(window) {
        const rows = await rowsIn(window, described);
        return rows.map((row, index) => describeRow(row, `${name}#${window.from + index}`, source, named));
      },
      async picturesOf(window) {
        return (await rowsIn(window, [image])).map((row) => bytesOf(row[image]));
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function columnsOf(path: string, metadata: FileMetaData, rules: RowRules) {
  const schema = parquetSchema(metadata);
  const columns = schema.children.map(({ element }) => element.name);
  const image = imageColumnOf(schema, rules.imageColumn);
  if (image === undefined) {
    const named = rules.imageColumn ? ` named ${rules.imageColumn}` : '';
    throw refused(path, `has no column of pictures${named}`, columns, 'image');
  }
  const label = labelColumnOf(columns, rules);
  if (label === undefined) {
    const named = rules.labelColumn ? ` named ${rules.labelColumn}` : '';
    throw refused(path, `has no column of labels${named}`, columns, 'label');
  }
  const described = columns.filter((column) => column !== image);
  return { image, described, labelNames: labelNamesOf(metadata, label) };
}

/** A row group at a time, or a part of one where the file says where its pages are. */
function windowsOf(path: string, metadata: FileMetaData, image: string): Window[] {
  const windows: Window[] = [];
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const paged = isPaged(group, image);
    if (!paged) requireSmall(path, group);
    const step = paged ? WINDOW_ROWS : end - start;
    if (!(end >= start) || (end - start) / WINDOW_ROWS > MOST_WINDOWS) throw damaged(path, 'too many rows');
    for (let from = start; from < end; from += step) windows.push({ from, to: Math.min(end, from + step) });
    start = end;
  }
  return windows;
}

interface Range {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly columns: string[];
}

async function readRows(range: Range): Promise<Row[]> {
  return await parquetReadObjects({
    ...range,
    compressors,
    utf8: false,
    useOffsetIndex: true,
    geoparquet: false,
  });
}

/** Empty where there is no picture: then it cannot be decoded and is listed. */
function bytesOf(cell: unknown): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  if (typeof cell === 'object' && cell !== null && 'bytes' in cell && cell.bytes instanceof Uint8Array) {
    return cell.bytes;
  }
  return new Uint8Array();
}

function imageColumnOf({ children }: SchemaTree, wanted: string | undefined): string | undefined {
  const holdsBytes = ({ element, children: inner }: SchemaTree) =>
    inner.some((child) => child.element.name === 'bytes' && child.element.type === 'BYTE_ARRAY') ||
    (inner.length === 0 && element.type === 'BYTE_ARRAY' && element.converted_type !== 'UTF8');
  const possible = children.filter(holdsBytes).map(({ element }) => element.name);
  if (wanted !== undefined) return find(possible, [wanted]);
  return find(possible, IMAGE_COLUMNS) ?? (possible.length === 1 ? possible[0] : undefined);
}

/** Names of a label column's numbers, which Hugging Face's own writer puts into the file. */
function labelNamesOf(metadata: FileMetaData, column: string): readonly string[] {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return [];
  try {
    const names: unknown = JSON.parse(text)?.info?.features?.[column]?.names;
    return Array.isArray(names) ? names.map((name) => textOf(name) ?? '') : [];
  } catch {
    return [];
  }
}

function isPaged(group: RowGroup, image: string): boolean {
  return group.columns
    .filter(({ meta_data }) => meta_data?.path_in_schema[0] === image)
    .every(({ offset_index_offset }) => offset_index_offset !== undefined);
}

function requireSmall(path: string, group: RowGroup): void {
  const largest = Math.max(
    0,
    ...group.columns.map(({ meta_data }) => Number(meta_data?.total_compressed_size ?? 0)),
  );
  if (largest <= MAX_CHUNK) return;
  throw new Sv72Error(
    'ERR_DATA_INPUT',
    `${path} holds ${Math.round(largest / 1e6)} MB of pictures in one row group, more than fits in memory.`,
    {
      next: 'Write the file again with row groups of a hundred rows, or with a page index.',
      details: { input: path },
    },
  );
}

function bufferOf(handle: FileHandle, byteLength: number, onRead: (bytes: number) => void): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const length = Math.max(0, Math.min(end, byteLength) - start);
      onRead(length);
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
        if (bytesRead === 0) throw new RangeError('the file ended early');
        at += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

/** Whatever the parser stumbles over means a damaged file; what the file system says stays what it is. */
async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Sv72Error || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** @param problem what the parser says, for who wants to know more */
export function damaged(path: string, problem: string, cause?: unknown): Sv72Error {
  return new Sv72Error('ERR_DATA_INPUT', `${path} is damaged, or it is no parquet file.`, {
    next: 'Copy or download the file again.',
    details: { input: path, problem },
    cause,
  });
}

function refused(path: string, what: string, columns: readonly string[], kind: 'image' | 'label'): Sv72Error {
  return new Sv72Error('ERR_DATA_INPUT', `${path} ${what}.`, {
    next: `Name the column with --${kind}-column; the file has: ${columns.slice(0, 30).join(', ')}.`,
    details: { input: path, columns },
  });
}
