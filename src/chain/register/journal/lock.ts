import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How long another process may take for opening or removing a lock: it does nothing else meanwhile. */
const TURN_MS = 10_000;

/**
 * Takes the right to a file for as long as this process lives: an exclusive lock of SQLite's, which the kernel drops
 * with the process however it ends.
 * @param path of the lock itself, which is removed with the right
 * @returns gives the right back, or undefined when another process has it
 */
export function lockFile(path: string): (() => void) | undefined {
  const db = inTurn(path, () => exclusive(path, 0));
  if (db === undefined) return undefined;
  writeFileSync(pidFile(path), `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(pidFile(path), { force: true });
    try {
      inTurn(path, () => {
        db.close();
        rmSync(path, { force: true });
      });
    } catch {
      // The lock file stays, which harms nobody; the right must not.
      if (db.isOpen) db.close();
    }
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

/**
 * Runs `work` while no other process opens or removes locks of the folder: a lock that was opened and is then removed by somebody
 * else would be held by one process and be free for the next. The one file that all take turns by stays.
 */
function inTurn<T>(path: string, work: () => T): T {
  const turn = exclusive(join(dirname(path), '.turn'), TURN_MS);
  if (turn === undefined) throw new Error(`${dirname(path)} is locked for too long`);
  try {
    return work();
  } finally {
    turn.close();
  }
}

function exclusive(path: string, timeout: number): DatabaseSync | undefined {
  // For this user alone; opening one that is held, and closing it again, would give this process's own lock away.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
}

const pidFile = (path: string): string => `${path}.pid`;
