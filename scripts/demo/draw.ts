import { fork } from 'node:child_process';
import { once } from 'node:events';
import { access, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VIEW_BYTES, VIEW_SIZE, type ViewRow, type ViewSet } from './views.ts';

const WORKER = fileURLToPath(new URL('./draw-shard.ts', import.meta.url));

/**
 * Draws a set of views into `NAME.bin` (uint8, views × 112 × 112 × 3) with `NAME.json` saying what each is.
 * Skipped when the same set is already there.
 */
export async function drawSet(set: ViewSet, folder: string, processes: number): Promise<void> {
  const file = join(folder, `${set.name}.bin`);
  const header = join(folder, `${set.name}.json`);
  if (await isThere(header, set)) return;
  await rm(header, { force: true });
  const count = set.scenes * (set.conditions?.length ?? set.viewsPerScene);
  const handle = await open(file, 'w');
  await handle.truncate(count * VIEW_BYTES);
  await handle.close();
  await Promise.all(
    Array.from({ length: processes }, async (_, shard) => {
      const child = fork(WORKER, [JSON.stringify({ set, file, shard, of: processes })]);
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`drawing ${set.name} failed in process ${shard}`);
    }),
  );
  const rows: ViewRow[] = new Array(count);
  for (let shard = 0; shard < processes; shard++) {
    const part = `${file}.${shard}.json`;
    for (const [place, row] of JSON.parse(await readFile(part, 'utf8')) as [number, ViewRow][])
      rows[place] = row;
    await rm(part);
  }
  await writeFile(`${header}.new`, JSON.stringify({ set, size: VIEW_SIZE, count, rows }));
  await rename(`${header}.new`, header);
}

async function isThere(header: string, set: ViewSet): Promise<boolean> {
  try {
    await access(header);
    return JSON.stringify(JSON.parse(await readFile(header, 'utf8')).set) === JSON.stringify(set);
  } catch {
    return false;
  }
}
