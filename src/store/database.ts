import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Sv72Error } from '../errors/index.ts';
import { MIGRATIONS } from './migrations.ts';

export interface OpenOptions {
  /** Open for reading only: the file must exist. */
  readonly readOnly?: boolean;
  /** Milliseconds to wait for another process that is writing. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens the store's database, creating (mode 0600, folder 0700) and migrating it when it is opened for writing.
 * Write-ahead logging keeps it whole when a process is killed at any moment and lets others read meanwhile.
 *
 * @throws ERR_STORE_NEWER when a later sv72 wrote it, ERR_STORE_DAMAGED when it is no database,
 *   ERR_STORE_OPEN when the file system refuses.
 */
export function openDatabase(path: string, options: OpenOptions = {}): DatabaseSync {
  const readOnly = options.readOnly ?? false;
  let db: DatabaseSync | undefined;
  try {
    if (!readOnly) createPrivately(path);
    db = new DatabaseSync(path, { readOnly, timeout: options.busyTimeoutMs ?? 5_000 });
    checkOwnership(db, path);
    if (!readOnly) prepare(db);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw explain(error, path);
  }
}

function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}

function prepare(db: DatabaseSync): void {
  if (userVersion(db) === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA journal_size_limit = 8388608');
  db.exec('PRAGMA cache_size = -2048');
  for (let version = userVersion(db); version < MIGRATIONS.length; version = userVersion(db)) {
    migrate(db, version);
  }
}

/** One step, alone in its transaction: a second process that waited for the lock finds the step done. */
function migrate(db: DatabaseSync, from: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (userVersion(db) === from) {
      db.exec(MIGRATIONS[from] ?? '');
      db.exec(`PRAGMA user_version = ${from + 1}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function checkOwnership(db: DatabaseSync, path: string): void {
  const version = userVersion(db);
  if (version > MIGRATIONS.length) {
    throw new Sv72Error('ERR_STORE_NEWER', `The store ${path} was written by a newer sv72.`, {
      details: { path, version, known: MIGRATIONS.length },
    });
  }
  if (version === 0 && !isBlank(db)) {
    throw new Sv72Error('ERR_STORE_DAMAGED', `The file ${path} is a database, but no sv72 store.`, {
      details: { path },
    });
  }
}

/** True for a database without tables: one that a writer is about to set up. */
export function isBlank(db: DatabaseSync): boolean {
  return db.prepare('SELECT 1 AS yes FROM sqlite_schema LIMIT 1').get() === undefined;
}

function userVersion(db: DatabaseSync): number {
  const row = db.prepare('PRAGMA user_version').get();
  return Number(row?.user_version ?? 0);
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function explain(error: unknown, path: string): Sv72Error {
  if (error instanceof Sv72Error) return error;
  const why = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new Sv72Error('ERR_STORE_DAMAGED', `The store ${path} is damaged: ${why}.`, {
      details: { path },
      cause: error,
    });
  }
  return new Sv72Error('ERR_STORE_OPEN', `The store ${path} cannot be opened: ${why}.`, {
    details: { path },
    cause: error,
  });
}
