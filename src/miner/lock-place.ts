import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const PREFIX = 'sv72-serve-';

/** Where locks are on this kind of system. */
export interface LockPlace {
  pathOf(hotkey: string): string;
  /** Whether the socket is a file, which a killed process leaves behind: it needs a guard. */
  readonly isFile: boolean;
  /** Paths of the locks that processes of this user hold. */
  list(): string[];
}

export interface LockPlaceOptions {
  readonly platform?: NodeJS.Platform;
  /** Folder of the socket files where sockets are files. It must not depend on HOME, which services change. */
  readonly folder?: string;
}

/**
 * On Linux a name in the kernel's abstract namespace, on Windows a pipe: both are given out atomically and vanish with
 * the process. Elsewhere a socket file.
 */
export function lockPlace(options: LockPlaceOptions = {}): LockPlace {
  const platform = options.platform ?? process.platform;
  if (platform === 'linux') return { isFile: false, pathOf: (h) => `\0${PREFIX}${h}`, list: abstractLocks };
  if (platform === 'win32')
    return { isFile: false, pathOf: (h) => `\\\\.\\pipe\\${PREFIX}${h}`, list: pipes };
  const folder = options.folder ?? tmpdir();
  return {
    isFile: true,
    pathOf: (hotkey) => join(folder, `${PREFIX}${hotkey}.sock`),
    list: () => socketFiles(folder),
  };
}

/**
 * Holds the right to a socket file for as long as this process lives: an exclusive lock of SQLite's, which the kernel
 * drops with the process. Sockets that are files have no such lock of their own, and a dead one looks like a live one.
 *
 * @returns gives the right back, or undefined when another process has it.
 */
export function guard(path: string): (() => void) | undefined {
  closeSync(openSync(`${path}.lock`, 'a', 0o600));
  const db = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
  rmSync(path, { force: true });
  return () => db.close();
}

/**
 * Any user may take a name in the abstract namespace, so only sockets count that a process of this user has open: the
 * kernel shows the links of a process's files to its user alone.
 */
function abstractLocks(): string[] {
  const names = new Map<string, string>();
  for (const line of readText('/proc/net/unix').split('\n')) {
    const match = /(\d+) @(sv72-serve-\w+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined)
      names.set(`socket:[${match[1]}]`, `\0${match[2]}`);
  }
  if (names.size === 0) return [];
  const uid = userInfo().uid;
  const ours = new Set<string>();
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    if (lstatSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid !== uid) continue;
    for (const fd of entries(`/proc/${pid}/fd`)) {
      const name = names.get(linkOf(`/proc/${pid}/fd/${fd}`));
      if (name !== undefined) ours.add(name);
    }
  }
  return [...ours].sort();
}

function pipes(): string[] {
  return entries('\\\\.\\pipe\\')
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => `\\\\.\\pipe\\${name}`);
}

function socketFiles(folder: string): string[] {
  const uid = userInfo().uid;
  return entries(folder)
    .filter((name) => name.startsWith(PREFIX) && name.endsWith('.sock'))
    .map((name) => join(folder, name))
    .filter((path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat?.isSocket() === true && stat.uid === uid;
    });
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
