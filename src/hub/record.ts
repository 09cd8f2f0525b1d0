import { join } from 'node:path';
import { readIfThere, writeWhole } from '../config/index.ts';
import { recordUpload, type UploadRecord } from '../store/index.ts';

/**
 * Writes down what was published: in the store, and in a file of its own beside it, one JSON object a line, which is
 * still there when the store is lost.
 *
 * @param places.data folder of sv72's data
 * @returns the file
 * @throws Sv72Error ERR_STORE_*, ERR_FILE_WRITE
 */
export async function keepRecord(
  places: { readonly store: string; readonly data: string },
  record: UploadRecord,
): Promise<string> {
  const path = join(places.data, 'hub', `${record.repo.replace('/', '--')}.jsonl`);
  const before = (await readIfThere(path)) ?? '';
  const known = before.split('\n').some((line) => line.includes(`"revision":"${record.revision}"`));
  if (!known) await writeWhole(path, `${before}${JSON.stringify(record)}\n`);
  recordUpload(places.store, record);
  return path;
}
