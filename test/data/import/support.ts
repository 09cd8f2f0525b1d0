import { join } from 'node:path';
import {
  type DatasetEntry,
  type ImportOptions,
  importDataset,
  type WrittenDataset,
} from '../../../src/data/index.ts';
import { all, folder, MADE } from '../sample.ts';

export const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** What became of an import, its entries in the order of their bytes' hashes. */
export async function imported(
  inputs: string[],
  options: Partial<ImportOptions> = {},
): Promise<WrittenDataset & { entries: DatasetEntry[] }> {
  const dir = join(await folder(), 'set');
  const written = await importDataset({ inputs, dir, made: MADE, licence: 'CC0-1.0', ...options });
  return { ...written, entries: await all(written.dataset.entries()) };
}
