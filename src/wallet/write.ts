import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { entryAt, hasCode } from './files.ts';
import { leftoverName } from './leftover.ts';

/** One file to be written. Public files of a group are taken away before a private file changes. */
export interface KeyWrite {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly kind: 'private' | 'public';
}

export interface WriteOptions {
  /** Replace files that exist. */
  readonly overwrite?: boolean;
  /** Called before each change of the disk; tests end the process there. */
  readonly beforeStep?: (step: string) => void;
}

/** One file on its way. */
interface Move extends KeyWrite {
  readonly staged: string;
  readonly kept: string;
  readonly replaces: boolean;
  placed: boolean;
}

/**
 * Writes all of the files or none. Each is staged beside its target (0600 from the first byte, synced) and then
 * moved into place: first public files that are being replaced are taken away, then private files are placed,
 * then public ones, so that at no moment a public file stands beside a private file of another key.
 * Ctrl-C is held back for these few milliseconds; a failure puts everything back as it was; after a crash the
 * old contents are under the names that `leftoverOf` knows.
 * @throws ERR_KEY_EXISTS, ERR_KEY_LINK, ERR_FILE_WRITE
 */
export function writeTogether(files: readonly KeyWrite[], options: WriteOptions = {}): void {
  const paths = files.map(({ path }) => path);
  refuseExisting(paths, options.overwrite);
  withoutInterruption(() => {
    const folders: string[] = [];
    const moves: Move[] = [];
    try {
      for (const path of new Set(paths.map((path) => dirname(path)))) folders.push(...makeFolder(path));
      moves.push(...plan(files));
      perform(moves, options);
    } catch (cause) {
      for (const move of moves) putBack(move);
      for (const folder of folders.reverse()) quietly(() => rmdirSync(folder));
      if (cause instanceof Sv72Error) throw cause;
      throw new Sv72Error(
        'ERR_FILE_WRITE',
        'The keyfiles could not be written; what was there before is unchanged.',
        {
          cause,
          details: { paths },
        },
      );
    }
  });
}

/**
 * @throws ERR_KEY_EXISTS when one of the files exists (unless it may be replaced), ERR_KEY_LINK when it is a link
 */
export function refuseExisting(paths: readonly string[], overwrite = false): void {
  for (const path of paths) {
    const stat = entryAt(path);
    if (stat === undefined) continue;
    if (!overwrite) {
      throw new Sv72Error('ERR_KEY_EXISTS', `${path} exists already.`, { details: { path } });
    }
    if (!stat.isFile()) {
      throw new Sv72Error('ERR_KEY_LINK', `${path} is not a regular file, so it is not replaced.`, {
        details: { path },
      });
    }
  }
}

function plan(files: readonly KeyWrite[]): Move[] {
  const tag = `${process.pid}.${randomBytes(4).toString('hex')}`;
  return files
    .map((file) => ({
      ...file,
      staged: leftoverName(file.path, tag, 'new'),
      kept: leftoverName(file.path, tag, 'old'),
      replaces: exists(file.path),
      placed: false,
    }))
    .sort((a, b) => Number(a.kind === 'public') - Number(b.kind === 'public'));
}

function perform(moves: readonly Move[], { overwrite = false, beforeStep = () => {} }: WriteOptions): void {
  const step = (what: string, { path }: Move) => beforeStep(`${what} ${basename(path)}`);
  const replaced = moves.filter(({ replaces }) => replaces);
  for (const move of moves) {
    step('stage', move);
    stage(move);
  }
  for (const move of replaced) {
    step('keep', move);
    keep(move);
  }
  for (const move of replaced.filter(({ kind }) => kind === 'public')) {
    step('take away', move);
    rmSync(move.path);
  }
  for (const move of moves) {
    step('place', move);
    place(move, overwrite);
    move.placed = true;
  }
  for (const folder of new Set(moves.map(({ path }) => dirname(path)))) sync(folder);
  for (const move of replaced) {
    step('forget', move);
    quietly(() => rmSync(move.kept, { force: true }));
  }
}

function putBack(move: Move): void {
  if (exists(move.kept)) {
    quietly(() => renameSync(move.kept, move.path));
    // Renaming one name of a file to another name of the same file does nothing at all.
    quietly(() => rmSync(move.kept, { force: true }));
  } else if (move.placed && !move.replaces) {
    quietly(() => rmSync(move.path, { force: true }));
  }
  quietly(() => rmSync(move.staged, { force: true }));
}

/** O_EXCL does not follow links, so nobody can redirect a secret that is on its way to the disk. */
function stage({ staged, bytes }: Move): void {
  const fd = openSync(staged, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A second name for what is about to be replaced; a copy where the file system has no hard links. */
function keep({ path, kept }: Move): void {
  try {
    linkSync(path, kept);
  } catch {
    copyFileSync(path, kept, constants.COPYFILE_EXCL);
  }
}

/** A link cannot replace a file, so of two processes that create the same key one fails. */
function place({ staged, path }: Move, overwrite: boolean): void {
  if (!overwrite) {
    try {
      linkSync(staged, path);
      rmSync(staged);
      return;
    } catch (cause) {
      if (hasCode(cause, 'EEXIST') || exists(path)) {
        throw new Sv72Error('ERR_KEY_EXISTS', `${path} exists already.`, { details: { path }, cause });
      }
    }
  }
  renameSync(staged, path);
}

/** Creates a folder and its parents, 0700, and returns those that are new, outermost first. */
function makeFolder(folder: string): string[] {
  const missing: string[] = [];
  for (let path = folder; !exists(path); path = dirname(path)) missing.unshift(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return missing;
}

function sync(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some network file systems cannot sync a folder.
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EISDIR')) throw error;
  } finally {
    closeSync(fd);
  }
}

function exists(path: string): boolean {
  return entryAt(path) !== undefined;
}

/** While these listeners stand, the signals do not end the process; `work` is synchronous and short. */
function withoutInterruption(work: () => void): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hold = () => {};
  for (const signal of signals) process.on(signal, hold);
  try {
    work();
  } finally {
    for (const signal of signals) process.off(signal, hold);
  }
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // What cannot be cleaned up is found by `wallet check`.
  }
}
