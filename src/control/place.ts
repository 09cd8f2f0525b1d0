import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';

export interface ControlPlaceOptions {
  readonly platform?: NodeJS.Platform;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pid?: number;
  /** Which one of the process's, from 0. */
  readonly number?: number;
}

/**
 * Where a miner takes orders: a socket in a folder that only this user may enter, or on Windows a pipe, which belongs to
 * its user as well. Sockets of processes that are gone are removed on the way.
 *
 * @throws Sv72Error ERR_CONTROL when the folder is somebody else's or open to others.
 */
export async function controlPlace(options: ControlPlaceOptions = {}): Promise<string> {
  const { platform = process.platform, env = process.env, pid = process.pid, number = 0 } = options;
  const name = number === 0 ? String(pid) : `${pid}-${number}`;
  if (platform === 'win32') return `\\\\.\\pipe\\sv72-control-${name}`;
  const { uid } = userInfo();
  const runtime = env.XDG_RUNTIME_DIR;
  const folder =
    runtime !== undefined && runtime !== '' ? join(runtime, 'sv72') : join(tmpdir(), `sv72-${uid}`);
  await ownFolder(folder, uid);
  await removeLeftOvers(folder);
  return join(folder, `serve-${name}.sock`);
}

async function ownFolder(folder: string, uid: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stat = await lstat(folder);
    if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return;
  } catch (cause) {
    throw new Sv72Error('ERR_CONTROL', `The folder ${folder} for orders to the miner cannot be made.`, {
      cause,
    });
  }
  throw new Sv72Error('ERR_CONTROL', `The folder ${folder} is not this user's alone.`);
}

async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^serve-(\d+)(?:-\d+)?\.sock$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !lives(pid)) await rm(join(folder, name), { force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
