import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Sv72Error } from '../../../errors/index.ts';
import type { Hex } from '../../types.ts';
import { entryText, type JournalEntry, parseEntry } from './entry.ts';
import { lockFile, lockHolder } from './lock.ts';

/** The note of one hotkey's registration on one subnet of one chain. While it is open no other process can have it. */
export interface Journal {
  readonly path: string;
  /** The registration that was signed and is not yet known to have happened or failed. @throws ERR_REGISTRATION_JOURNAL */
  read(): JournalEntry | undefined;
  /** Notes a registration, on disk when this returns. @throws ERR_REGISTRATION_OPEN when one is noted, ERR_FILE_WRITE */
  write(entry: JournalEntry): void;
  /** Forgets it: it is settled. */
  clear(): void;
  close(): void;
}

/**
 * @param options.folder created when needed, for this user alone
 * @throws ERR_ALREADY_REGISTERING when another process has it, ERR_FILE_WRITE
 */
export function openJournal(options: {
  readonly folder: string;
  readonly genesisHash: Hex;
  readonly netuid: number;
  /** SS58 address. */
  readonly hotkey: string;
}): Journal {
  const { folder, genesisHash, netuid, hotkey } = options;
  const path = join(folder, `${genesisHash.slice(2, 18)}-${netuid}-${hotkey}.json`);
  const unlock = written(path, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return lockFile(`${path}.lock`);
  });
  if (unlock === undefined) {
    const pid = lockHolder(`${path}.lock`);
    throw new Sv72Error(
      'ERR_ALREADY_REGISTERING',
      `Another process${pid === undefined ? '' : `, ${pid},`} is registering the hotkey ${hotkey} right now.`,
      { details: { hotkey, netuid, pid: pid ?? null } },
    );
  }
  return {
    path,
    read() {
      const text = readIfThere(path);
      return text === undefined ? undefined : parseEntry(text, path);
    },
    write(entry) {
      // The lock is ours, so nobody else writes between this and the renaming.
      if (readIfThere(path) !== undefined) throw openAlready(hotkey, path);
      const temporary = `${path}.tmp`;
      written(path, () => {
        rmSync(temporary, { force: true });
        const file = openSync(temporary, 'wx', 0o600);
        try {
          writeFileSync(file, entryText(entry));
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(temporary, path);
        syncFolder(folder);
      });
    },
    clear() {
      rmSync(path, { force: true });
    },
    close: unlock,
  };
}

function openAlready(hotkey: string, path: string): Sv72Error {
  return new Sv72Error(
    'ERR_REGISTRATION_OPEN',
    `An earlier registration of the hotkey ${hotkey} is not settled yet.`,
    {
      details: { hotkey, path },
    },
  );
}

function written<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error(
      'ERR_FILE_WRITE',
      `${path} cannot be written (${errorCode(error) ?? 'unknown error'}).`,
      {
        cause: error,
      },
    );
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new Sv72Error('ERR_FILE_READ', `${path} cannot be read (${errorCode(error) ?? 'unknown error'}).`, {
      cause: error,
    });
  }
}

/** A name is on disk when its folder is. Windows cannot do this and needs it not. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
