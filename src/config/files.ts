import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';

/** Where this run looks for things; arguments, so that tests need no patching. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
}

/** The surroundings of this process. */
export function ourSurroundings(): Surroundings {
  return { env: process.env, home: process.env.HOME ?? homedir(), cwd: process.cwd() };
}

/** A leading ~ as the shell reads it. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** A variable that is set and not empty. */
export function variable(at: Surroundings, name: string): string | undefined {
  const value = at.env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** Path of sv72.yaml: `chosen` (--config), SV72_CONFIG, or the folder for configuration of this user. */
export function configPath(at: Surroundings, chosen?: string): string {
  const given = chosen ?? variable(at, 'SV72_CONFIG');
  if (given !== undefined) return resolve(at.cwd, expandHome(given, at.home));
  return join(variable(at, 'XDG_CONFIG_HOME') ?? join(at.home, '.config'), 'sv72', 'sv72.yaml');
}

/** Folder for what sv72 remembers (store, jobs): SV72_DATA_DIR, or the data folder of this user. */
export function dataFolder(at: Surroundings): string {
  const given = variable(at, 'SV72_DATA_DIR');
  if (given !== undefined) return resolve(at.cwd, expandHome(given, at.home));
  return join(variable(at, 'XDG_DATA_HOME') ?? join(at.home, '.local', 'share'), 'sv72');
}

/** The SQLite file of answers, deployments and uploads: `store.path`, or the data folder's own. */
export function storeFile(
  { store }: { readonly store: { readonly path: string | null } },
  at: Surroundings,
): string {
  if (store.path === null) return join(dataFolder(at), 'sv72.db');
  return resolve(at.cwd, expandHome(store.path, at.home));
}

/** Folder for what can be fetched again (metadata, shared reads): the cache folder of this user. */
export function cacheFolder(at: Surroundings): string {
  return join(variable(at, 'XDG_CACHE_HOME') ?? join(at.home, '.cache'), 'sv72');
}

/**
 * Text of a file, undefined when it does not exist.
 * @throws ERR_FILE_READ when it exists but cannot be read.
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Sv72Error('ERR_FILE_READ', `${path} cannot be read (${code ?? 'unknown error'}).`, {
      cause: error,
    });
  }
}

/** Whether there is something under the path that can be reached. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes a file so that a reader sees the old one or the new one, never half of it.
 * @throws ERR_FILE_WRITE, with the old file untouched.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code;
    throw new Sv72Error('ERR_FILE_WRITE', `${path} cannot be written (${code ?? 'unknown error'}).`, {
      cause: error,
    });
  }
}
