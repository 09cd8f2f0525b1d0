import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  writeFileSync(pidFile(path), `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(pidFile(path), { force: true });
    db.close();
  };
}

/** The process that has the right, as far as it has said so. @param path of the lock */
export function lockHolder(path: string): number | undefined {
  try {
    const text = readFileSync(pidFile(path), 'utf8').trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
  } catch {
    // It has not written it yet, or is just giving the right back.
    return undefined;
  }
}

const pidFile = (path: string): string => `${path}.pid`;
