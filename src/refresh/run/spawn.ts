import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { forgetProcess, noteProcess } from './left-over.ts';

/** How a command of sv72 ended. */
export interface CommandEnd {
  readonly exit: number | null;
  /** The last object that it printed; undefined when that is none. */
  readonly result: unknown;
}

/** Runs a command of this sv72. @param signal interrupts it as Ctrl-C does @param log file that its output is added to */
export type RunSv72 = (
  words: readonly string[],
  options: { signal: AbortSignal; log: string },
) => Promise<CommandEnd>;

/** Results are far smaller; more of a line is not kept. */
const MOST = 8 * 1024 * 1024;
/** A command that is interrupted saves what it has; after this long it is stopped. */
const GRACE_MS = 120_000;

export interface SpawnOptions {
  /** bin/run.js. */
  readonly program: string;
  /** File in which the running command is noted. */
  readonly note: string;
  /** Variables of the commands, beside our own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string;
}

/** Runs commands of sv72 one after the other. */
export function spawner({ program, note, env = {}, node = process.execPath }: SpawnOptions): RunSv72 {
  return async (words, { signal, log }) => {
    const output = createWriteStream(log, { flags: 'a', mode: 0o600 });
    const child = spawn(node, [program, ...words, '--json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C reaches it once, by us: a command that gets two signals ends without saving.
      detached: process.platform !== 'win32',
    });
    const ended = once(child, 'close');
    ended.catch(() => undefined);
    await noteProcess(note, child.pid);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output.write(chunk);
      text = (text + chunk).slice(-MOST);
    });
    child.stderr.on('data', (chunk: Buffer) => output.write(chunk));
    let late: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGINT');
      late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const [exit] = await ended;
      return { exit: typeof exit === 'number' ? exit : null, result: lastObject(text) };
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', stop);
      output.end();
      await forgetProcess(note);
    }
  };
}

/** One object over many lines, or one a line, of which the last counts. */
function lastObject(text: string): unknown {
  const lines = text.trim().split('\n');
  for (const candidate of [text, lines.at(-1) ?? '']) {
    try {
      return JSON.parse(candidate);
    } catch {
      // It is the other form.
    }
  }
  return undefined;
}
