import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Target } from '../requests/streams.ts';

/** A server that answers ImageSynapse, in processes of its own. */
export interface Peer {
  /** Key in the JSON results. */
  readonly id: string;
  readonly label: string;
  /** Whether the requests' images must differ for every request to cost an inference. */
  readonly computes: boolean;
  start(): Promise<RunningPeer>;
}

export interface RunningPeer {
  readonly target: Target;
  readonly pid: number;
  /** performance.now() when its process was started. */
  readonly startedAt: number;
  stop(): Promise<void>;
}

/** The first line a process prints that `take` finds something in. */
export async function firstLine<T>(
  child: ChildProcess & { readonly stdout: Readable },
  take: (line: string) => T | undefined,
): Promise<T> {
  const reader = createInterface({ input: child.stdout });
  for await (const line of reader) {
    const found = take(line);
    if (found === undefined) continue;
    // Whatever else it prints must not fill the pipe.
    child.stdout.resume();
    return found;
  }
  throw new Error(`${child.spawnfile} ended before it listened`);
}

/** Ends a process, and waits for it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(late);
}
