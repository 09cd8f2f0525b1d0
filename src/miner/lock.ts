import { createConnection, createServer, type Server } from 'node:net';
import { Sv72Error } from '../errors/index.ts';
import { guard, type LockPlace, lockPlace } from './lock-place.ts';

/** What a running miner says about one of its hotkeys to those on the same machine. */
export interface LocalMiner {
  readonly pid: number;
  /** SS58 address of the hotkey. */
  readonly hotkey: string;
  readonly host: string;
  readonly port: number;
  /** What it tells the chain about this axon; null: it announces nothing. */
  readonly announcing: { readonly ip: string; readonly port: number } | null;
  /** Routes of the axon's first door, and the path of the second (or null when that is closed). */
  readonly routes: readonly string[];
  readonly btauthRoute: string | null;
  readonly version: string;
  /** Socket that it takes orders on; null: it takes none. */
  readonly control: string | null;
}

export interface HotkeyLock {
  /** From now on the lock answers with this. */
  announce(miner: LocalMiner): void;
  release(): Promise<void>;
}

const ANSWER_LIMIT = 4_096;
const ANSWER_MS = 1_000;

/**
 * Makes this process the only one on the machine that serves the hotkey. The lock is a listening local socket, which
 * the kernel takes away with the process, however that ends.
 *
 * @throws ERR_ALREADY_SERVING when another process has it, ERR_LOCK when there can be no lock at all.
 */
export async function lockHotkey(hotkey: string, place: LockPlace = lockPlace()): Promise<HotkeyLock> {
  const path = place.pathOf(hotkey);
  let announced: LocalMiner | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.end(`${JSON.stringify(announced ?? { pid: process.pid, hotkey })}\n`);
  });
  server.maxConnections = 16;
  server.unref();
  const unguard = await acquire(server, path, place, hotkey);
  return {
    announce(miner) {
      announced = miner;
    },
    async release() {
      await new Promise((resolve) => server.close(resolve));
      unguard();
    },
  };
}

/** @returns what to give back after the server is closed. */
async function acquire(server: Server, path: string, place: LockPlace, hotkey: string): Promise<() => void> {
  let unguard: (() => void) | undefined;
  try {
    unguard = place.isFile ? guard(path) : () => undefined;
    if (unguard === undefined) throw await alreadyServing(path, hotkey);
    await listen(server, path);
    return unguard;
  } catch (error) {
    unguard?.();
    if (error instanceof Sv72Error) throw error;
    throw isInUse(error) ? await alreadyServing(path, hotkey) : cannotLock(path, error);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function cannotLock(path: string, cause: unknown): Sv72Error {
  return new Sv72Error('ERR_LOCK', `The lock ${shown(path)} cannot be taken: ${String(cause)}.`, { cause });
}

async function alreadyServing(path: string, hotkey: string): Promise<Sv72Error> {
  const other = await askLock(path);
  const where = other?.pid === undefined ? '' : ` (process ${other.pid})`;
  return new Sv72Error(
    'ERR_ALREADY_SERVING',
    `The hotkey ${hotkey} is being served on this machine already${where}.`,
    {
      details: { hotkey, pid: other?.pid ?? null },
    },
  );
}

function shown(path: string): string {
  return path.replace('\0', '@');
}

/** Asks the socket who holds it. Undefined when nobody answers, or not in our words. */
export function askLock(path: string): Promise<Partial<LocalMiner> | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(path);
    const finish = () => {
      socket.destroy();
      resolve(parseAnswer(text));
    };
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_MS, finish);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n') || text.length > ANSWER_LIMIT) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

function parseAnswer(text: string): Partial<LocalMiner> | undefined {
  const line = text.split('\n', 1)[0] ?? '';
  if (line === '' || line.length > ANSWER_LIMIT) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
