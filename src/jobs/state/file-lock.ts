import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Sv72Error } from '../../errors/index.ts';

const LOOK_MS = 250;

/**
 * Runs `work` while this process alone has the lock. The lock is SQLite's on a file, which the kernel takes away with
 * the process, however that ends; somebody else's is waited for.
 * @throws ERR_INTERRUPTED when `signal` is aborted while waiting, ERR_FILE_WRITE when there can be no lock.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<T> {
  let told = false;
  for (;;) {
    if (options.signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted while waiting.');
    const database = tryLock(path);
    if (database !== undefined) {
      try {
        return await work();
      } finally {
        database.close();
      }
    }
    if (!told) options.onWait?.();
    told = true;
    await wait(LOOK_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

function tryLock(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw new Sv72Error('ERR_FILE_WRITE', `The lock ${path} cannot be taken: ${String(error)}.`, {
      cause: error,
    });
  }
}
