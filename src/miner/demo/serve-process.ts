import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Sv72Error } from '../../errors/index.ts';
import type { ListeningEvent, MinerEvent } from '../events.ts';

export interface ServeProcessOptions {
  /** Path of bin/run.js. */
  readonly program: string;
  /** Flags of `serve`. */
  readonly flags: readonly string[];
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Longest time until it listens. */
  readonly startMs?: number;
}

/** A real `sv72 serve`, as a process of its own. */
export interface ServeProcess {
  readonly listening: ListeningEvent;
  /** Lets it finish, kills it when that takes too long, and resolves when it is gone. */
  stop(): Promise<void>;
}

const STOP_MS = 8_000;

/** @throws ERR_SERVE_FAILED with what it said, when it ends or is silent for too long. */
export async function startServe(options: ServeProcessOptions): Promise<ServeProcess> {
  const child = spawn(process.execPath, [options.program, 'serve', ...options.flags, '--json'], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  };
  try {
    return { listening: await firstWords(child, exited, options.startMs ?? 60_000), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstWords(
  child: ChildProcessByStdio<null, Readable, Readable>,
  exited: Promise<void>,
  withinMs: number,
): Promise<ListeningEvent> {
  const said: string[] = [];
  const hear = (line: string) => {
    said.push(line);
    if (said.length > 40) said.shift();
  };
  createInterface({ input: child.stderr }).on('line', hear);
  const lines = createInterface({ input: child.stdout });
  const listening = Promise.withResolvers<ListeningEvent>();
  lines.on('line', (line) => {
    hear(line);
    if (line.startsWith('{"event":"listening"')) {
      const event: MinerEvent = JSON.parse(line);
      if (event.event === 'listening') listening.resolve(event);
    }
  });
  const failed = (why: string) =>
    new Sv72Error('ERR_SERVE_FAILED', `The miner ${why}.`, { details: { said } });
  const timer = setTimeout(() => listening.reject(failed('did not listen in time')), withinMs);
  void exited.then(() => listening.reject(failed('ended before it listened')));
  try {
    return await listening.promise;
  } finally {
    clearTimeout(timer);
  }
}
