import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { processId } from '../processes/index.ts';

export interface ScratchOptions {
  /** Where it is made; default the system's folder for such (TMPDIR). */
  readonly parent?: string | undefined;
  /** Who may enter it; default its owner alone. */
  readonly mode?: number;
  /**
   * Folders that are written to although the process that made them is gone, as by a job that lives on. Asked only
   * where there is something to remove.
   */
  readonly inUse?: (() => Promise<readonly string[]>) | undefined;
}

/**
 * A new folder for what is needed only while this process makes something; the caller removes it. Its name tells whose
 * it is, and those of the same prefix that killed processes left behind are removed first.
 *
 * @throws what the file system says
 */
export async function scratchFolder(prefix: string, options: ScratchOptions = {}): Promise<string> {
  const { parent = tmpdir(), mode = 0o700, inUse } = options;
  const folder = await ownPath(prefix, resolve(parent), inUse);
  await mkdir(folder, { mode });
  return folder;
}

/** A path that nothing has, with this process in its name; what killed ones left behind is removed. */
export async function ownPath(
  prefix: string,
  parent: string,
  inUse?: ScratchOptions['inUse'],
): Promise<string> {
  await clearLeftBehind(prefix, parent, inUse);
  const owner = `${machine()}-${process.pid}-${startOf(process.pid)}`;
  return join(parent, `${prefix}${owner}-${randomBytes(4).toString('hex')}`);
}

const OWNED = /^([0-9a-f]{8})-(\d{1,10})-([0-9a-f]{8})-[0-9a-f]{8}$/;

async function clearLeftBehind(
  prefix: string,
  parent: string,
  inUse: ScratchOptions['inUse'],
): Promise<void> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const left = entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .filter(({ name }) => isLeftBehind(name.slice(prefix.length)))
    .map(({ name }) => join(parent, name));
  if (left.length === 0) return;
  const used = new Set(await inUse?.());
  for (const folder of left) {
    // In a folder for all, another user may choose any name.
    if (used.has(folder) || (await lstat(folder).catch(() => undefined))?.uid !== process.getuid?.())
      continue;
    // What cannot be removed is no reason not to work.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether its process was of this machine, and runs no more. */
function isLeftBehind(owner: string): boolean {
  const [, place, pid, start] = OWNED.exec(owner) ?? [];
  return place === machine() && startOf(Number(pid)) !== start;
}

/** Processes of other machines, and of other containers, cannot be seen from here. */
function machine(): string {
  return short(`${hostname()} ${namespace()}`);
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** When a process began, shortened; undefined: there is none. */
function startOf(pid: number): string | undefined {
  const start = processId(pid)?.start;
  return start === undefined ? undefined : short(start);
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
