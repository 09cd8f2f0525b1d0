import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import type { ModelIdentity } from './running.ts';

/** Which model was promoted, kept so that a restart goes on with it. */
export interface Pointer {
  /** Bundle folder of the configuration when it was promoted: with another one configured, this note counts no more. */
  readonly configured: string;
  readonly live: ModelIdentity;
  /** What was live before; null: nothing that could be gone back to. */
  readonly previous: ModelIdentity | null;
  /** Unix time, ms. */
  readonly at: number;
}

const FORMAT = 1;

/** @returns null where there is none, or none that can be understood. */
export async function readPointer(path: string): Promise<Pointer | null> {
  try {
    return pointerFrom(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Replaces the note as a whole: a reader, also one after a crash, sees the old one or the new one.
 *
 * @throws Sv72Error ERR_FILE_WRITE
 */
export async function writePointer(path: string, pointer: Pointer): Promise<void> {
  const temporary = `${path}.new-${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ format: FORMAT, ...pointer }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Sv72Error('ERR_FILE_WRITE', `Which model is live could not be written to ${path}.`, { cause });
  }
}

function pointerFrom(value: unknown): Pointer | null {
  if (!isRecord(value) || value.format !== FORMAT) return null;
  const { configured, live, previous, at } = value;
  if (typeof configured !== 'string' || typeof at !== 'number' || !isIdentity(live)) return null;
  if (previous !== null && !isIdentity(previous)) return null;
  return { configured, live, previous, at };
}

function isIdentity(value: unknown): value is ModelIdentity {
  return (
    isRecord(value) &&
    ['name', 'version', 'dir', 'manifestSha256'].every((key) => typeof value[key] === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
