import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import { Sv72Error } from '../errors/index.ts';
import { MAX_KEYFILE_BYTES } from './keyfile.ts';

/** A keyfile as it lies on disk. */
export interface RawFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Reads a small regular file (links are followed); undefined when there is none, or when it is no regular file
 * or too large to be a keyfile.
 * @throws ERR_FILE_READ
 */
export function readSmallFile(path: string): RawFile | undefined {
  let fd: number;
  try {
    // Not blocking, so that a pipe put there by somebody cannot hold us up.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR', 'ENXIO')) return undefined;
    throw unreadable(path, cause);
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    return stat.isFile() && stat.size <= MAX_KEYFILE_BYTES ? readOpen(fd, stat) : undefined;
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    closeSync(fd);
  }
}

function readOpen(fd: number, stat: BigIntStats): RawFile {
  const buffer = Buffer.alloc(Number(stat.size));
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return { bytes: buffer.subarray(0, length), mode: Number(stat.mode) & 0o777 };
}

/**
 * What is at a path, links not followed; undefined when nothing is.
 * @throws ERR_FILE_READ
 */
export function entryAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw unreadable(path, cause);
  }
}

/**
 * What is in a folder; nothing when there is none.
 * @throws ERR_FILE_READ
 */
export function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return [];
    throw unreadable(folder, cause);
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

const unreadable = (path: string, cause: unknown) =>
  new Sv72Error('ERR_FILE_READ', `${path} cannot be read.`, { cause, details: { path } });
