import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
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
import { Sv72Error } from '../../errors/index.ts';
import type { LeftOut } from '../workshop.ts';
import type { NewPicture } from '../write.ts';
import { textOf } from './labels.ts';
import { describeRow, find, labelColumnOf, type Row, type RowRules } from './rows.ts';

/** Pictures of a row group that are held in memory at a time, where the file says where its pages are. */
const WINDOW_ROWS = 64;

/** Bytes of the largest piece of a file that is held in memory: a column of a row group. */
const MAX_CHUNK = 1 << 30;

const IMAGE_COLUMNS = ['image', 'img', 'picture', 'photo', 'jpeg', 'bytes', 'image_bytes'];

/** Codecs beyond Snappy, which hyparquet brings along. */
const compressors: Compressors = {
  GZIP: (input) => new Uint8Array(gunzipSync(input)),
  ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)),
  BROTLI: (input) => new Uint8Array(brotliDecompressSync(input)),
};

/** A parquet file of pictures, opened as far as its table of contents. */
export interface ParquetPictures {
  readonly rows: number;
  pictures(): AsyncGenerator<NewPicture | LeftOut>;
}

/**
 * Opens a parquet file with a column of pictures (as Hugging Face writes them: a struct with `bytes`, or plain bytes)
 * and one of labels. Rows are read a row group at a time, pictures only of rows that are wanted.
 *
 * @param name how origins name the file
 * @throws Sv72Error ERR_DATA_INPUT for a damaged file, or one without such columns
 */
export async function parquetPictures(
  path: string,
  source: string,
  rules: RowRules,
  name = basename(path),
): Promise<ParquetPictures> {
  const metadata = await withFile(path, (file) => parquetMetadataAsync(file, { geoparquet: false }));
  const schema = parquetSchema(metadata);
  const columns = schema.children.map(({ element }) => element.name);
  const image = imageColumnOf(schema, rules.imageColumn);
  if (image === undefined) {
    throw refused(
      path,
      `has no column of pictures${rules.imageColumn ? ` named ${rules.imageColumn}` : ''}`,
      columns,
      'image',
    );
  }
  if (labelColumnOf(columns, rules) === undefined) {
    throw refused(
      path,
      `has no column of labels${rules.labelColumn ? ` named ${rules.labelColumn}` : ''}`,
      columns,
      'label',
    );
  }
  const described = columns.filter((column) => column !== image);
  const named = { ...rules, labelNames: labelNamesOf(metadata, labelColumnOf(columns, rules) ?? '') };

  return {
    rows: Number(metadata.num_rows),
    async *pictures() {
      const handle = await open(path, 'r');
      try {
        const file = bufferOf(handle, (await handle.stat()).size);
        let start = 0;
        for (const group of metadata.row_groups) {
          const end = start + Number(group.num_rows);
          const windows = isPaged(group, image);
          if (!windows) requireSmall(path, group);
          const step = windows ? WINDOW_ROWS : end - start;
          for (let from = start; from < end; from += step) {
            const range = { file, metadata, rowStart: from, rowEnd: Math.min(end, from + step) };
            const rows = await reading(path, readRows({ ...range, columns: described }));
            const images = once(() => reading(path, readRows({ ...range, columns: [image] })));
            for (const [index, row] of rows.entries()) {
              const about = describeRow(row, `${name}#${from + index}`, source, named);
              yield 'reason' in about
                ? about
                : { ...about, load: async () => bytesOf((await images())[index]?.[image]) };
            }
          }
          start = end;
        }
      } finally {
        await handle.close();
      }
    },
  };
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

async function withFile<T>(path: string, work: (file: AsyncBuffer) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new Sv72Error('ERR_FILE_READ', `${path} could not be read.`, { cause });
  });
  try {
    return await reading(path, work(bufferOf(handle, (await handle.stat()).size)));
  } finally {
    await handle.close();
  }
}

function bufferOf(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const length = Math.max(0, Math.min(end, byteLength) - start);
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
async function reading<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Sv72Error || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Sv72Error('ERR_DATA_INPUT', `${path} is damaged, or it is no parquet file.`, {
      next: 'Copy or download the file again.',
      details: { input: path, problem: cause instanceof Error ? cause.message : String(cause) },
      cause,
    });
  }
}

function refused(path: string, what: string, columns: readonly string[], kind: 'image' | 'label'): Sv72Error {
  return new Sv72Error('ERR_DATA_INPUT', `${path} ${what}.`, {
    next: `Name the column with --${kind}-column; the file has: ${columns.slice(0, 30).join(', ')}.`,
    details: { input: path, columns },
  });
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
