import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestFile } from '../bundle/index.ts';
import { readIfThere, writeWhole } from '../config/index.ts';

/** Reading less than this again costs nothing. */
const LARGE = 8 * 1024 * 1024;
/** Files remembered; the oldest are forgotten first. */
const MOST = 500;

const entry = z.strictObject({ key: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const memory = z.strictObject({ format: z.literal(1), files: z.array(entry) });

/** Hashes of large files, by everything that changes when a file does: path, inode, size, and both times to the ns. */
export interface HashMemory {
  digest(path: string): Promise<{ readonly sha256: string }>;
  /** Writes what was learned. A memory that cannot be written is no failure. */
  save(): Promise<void>;
}

/** @param folder of sv72's data; the memory is a file in it. One that is damaged counts as empty. */
export async function openHashMemory(folder: string): Promise<HashMemory> {
  const path = join(folder, 'hub', 'hashes.json');
  const known = new Map((await read(path)).map(({ key, sha256 }) => [key, sha256]));
  let learned = false;
  return {
    async digest(file) {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
      if (size < LARGE) return await digestFile(file);
      const key = [file, dev, ino, size, mtimeNs, ctimeNs].join(' ');
      const remembered = known.get(key);
      if (remembered !== undefined) return { sha256: remembered };
      const { sha256 } = await digestFile(file);
      known.set(key, sha256);
      learned = true;
      return { sha256 };
    },
    async save() {
      if (!learned) return;
      const files = [...known].slice(-MOST).map(([key, sha256]) => ({ key, sha256 }));
      await writeWhole(path, `${JSON.stringify({ format: 1, files })}\n`).catch(() => undefined);
    },
  };
}

async function read(path: string): Promise<z.infer<typeof memory>['files']> {
  const text = await readIfThere(path).catch(() => undefined);
  if (text === undefined) return [];
  try {
    return memory.parse(JSON.parse(text)).files;
  } catch {
    return [];
  }
}
