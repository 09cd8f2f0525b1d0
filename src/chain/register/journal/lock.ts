import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Takes the right to a file for as long as this process lives: an exclusive lock of SQLite's, which the kernel drops
 * with the process however it ends.
 * @param path of the lock itself, which stays on disk
 * @returns gives the right back, or undefined when another process has it
 */
export function lockFile(path: string): (() => void) | undefined {
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
  return () => db.close();
}
