import { basename } from 'node:path';
import type { LeftOut } from '../../workshop.ts';
import type { NewPicture } from '../../write.ts';
import type { RowRules } from '../rows.ts';
import { ParquetReader, type Patience } from './reader.ts';

/** A parquet file of pictures, opened as far as its table of contents. */
export interface ParquetPictures {
  readonly rows: number;
  pictures(): AsyncGenerator<NewPicture | LeftOut>;
}

/**
 * Opens a parquet file of pictures and labels. It is read by a process of its own, a row group at a time, and pictures
 * only of windows with rows that are wanted.
 *
 * @param name how origins name the file
 * @param keep keeps the process for who reads the pictures next, which they then must
 * @throws Sv72Error ERR_FILE_READ, ERR_DATA_INPUT for a damaged file, or one without such columns
 */
export async function parquetPictures(
  path: string,
  source: string,
  rules: RowRules,
  name = basename(path),
  { patience, keep = false }: { readonly patience?: Patience; readonly keep?: boolean } = {},
): Promise<ParquetPictures> {
  const open = () => ParquetReader.open({ path, source, rules: plain(rules), name }, patience);
  let first: ParquetReader | undefined = await open();
  const { rows } = first;
  if (!keep) {
    await first.close();
    first = undefined;
  }
  return {
    rows,
    async *pictures() {
      const reader = first ?? (await open());
      first = undefined;
      try {
        for (const window of reader.windows) {
          const described = await reader.rowsOf(window);
          const images = once(() => reader.picturesOf(window));
          for (const [index, row] of described.entries()) {
            yield 'reason' in row
              ? row
              : { ...row, load: async () => (await images())[index] ?? new Uint8Array() };
          }
        }
      } finally {
        await reader.close();
      }
    },
  };
}

/** Callers' rules may hold more than can be sent to another process. */
function plain({
  positive,
  negative,
  labelColumn,
  imageColumn,
  validatorsFilter,
  labelNames,
}: RowRules): RowRules {
  return {
    ...(positive && { positive }),
    ...(negative && { negative }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(imageColumn !== undefined && { imageColumn }),
    ...(validatorsFilter !== undefined && { validatorsFilter }),
    ...(labelNames && { labelNames }),
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
