import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { ImageRecord } from './records.ts';

/** A temporary file older than this was left by a process that is gone. */
const ABANDONED_MS = 10 * 60_000;

/** Where the image with this hash lies under the image folder. */
export function imagePath(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256);
}

export interface ImageShelf {
  /** Writes the image unless it is there. Files are 0600 and appear whole or not at all. */
  keep(image: ImageRecord): void;
  /** Removes the oldest images until the folder holds at most the cap. */
  evict(): void;
  /** Makes table and folder agree again after a kill between the two. */
  reconcile(now: number): void;
}

/**
 * Images by hash on disk, their sizes and ages in the database.
 *
 * @param capBytes most bytes kept; the oldest go first.
 */
export function openImageShelf(db: DatabaseSync, folder: string, capBytes: number): ImageShelf {
  const insert = db.prepare('INSERT OR IGNORE INTO images (sha256, at, bytes) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM images WHERE sha256 = ?');
  const total = db.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM images');
  const oldest = db.prepare('SELECT sha256, bytes FROM images ORDER BY at, sha256 LIMIT 100');
  const has = db.prepare('SELECT 1 AS yes FROM images WHERE sha256 = ?');
  const all = db.prepare('SELECT sha256 FROM images');

  const drop = (sha256: string) => {
    rmSync(imagePath(folder, sha256), { force: true });
    remove.run(sha256);
  };

  return {
    keep(image) {
      if (image.bytes.length > capBytes || has.get(image.sha256) !== undefined) return;
      const path = imagePath(folder, image.sha256);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, image.bytes, { mode: 0o600 });
      renameSync(temporary, path);
      insert.run(image.sha256, image.at, image.bytes.length);
    },

    evict() {
      let held = Number(total.get()?.bytes ?? 0);
      while (held > capBytes) {
        const rows = oldest.all();
        if (rows.length === 0) return;
        for (const row of rows) {
          if (held <= capBytes) return;
          drop(String(row.sha256));
          held -= Number(row.bytes);
        }
      }
    },

    reconcile(now) {
      const onDisk = new Set<string>();
      for (const file of imageFiles(folder)) {
        if (/^[0-9a-f]{64}$/.test(file.name)) {
          onDisk.add(file.name);
          insert.run(file.name, Math.round(file.mtimeMs), file.bytes);
        } else if (now - file.mtimeMs > ABANDONED_MS) {
          rmSync(file.path, { force: true });
        }
      }
      for (const row of all.all()) {
        const sha256 = String(row.sha256);
        if (!onDisk.has(sha256)) remove.run(sha256);
      }
    },
  };
}

function* imageFiles(folder: string) {
  for (const shelf of readDirectory(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
    for (const name of readDirectory(join(folder, shelf))) {
      const path = join(folder, shelf, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile()) yield { name, path, bytes: stat.size, mtimeMs: stat.mtimeMs };
    }
  }
}

function readDirectory(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
