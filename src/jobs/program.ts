import { execa } from 'execa';
import { printable } from './records.ts';

const LAST_LINES = 12;

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How a program of this machine ended. */
export interface ProgramEnd {
  readonly ok: boolean;
  readonly interrupted: boolean;
  /** The last lines of what it said, on either stream. */
  readonly lastLines: readonly string[];
}

/** Runs a program to its end and gives its lines as they come; ended by `signal`. */
export async function runProgram(
  command: readonly string[],
  { env, signal, onLine }: ProgramOptions,
): Promise<ProgramEnd> {
  const [file = '', ...args] = command;
  const lastLines: string[] = [];
  const child = execa(file, args, {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    forceKillAfterDelay: 3_000,
    ...(signal && { cancelSignal: signal }),
  });
  for await (const raw of child.iterable({ from: 'all' })) {
    const line = withoutCredentials(printable(raw)).trim();
    if (line === '') continue;
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    onLine?.(line);
  }
  const result = await child;
  if (result.failed && lastLines.length === 0)
    lastLines.push(result.shortMessage ?? 'it ended with an error');
  return { ok: !result.failed, interrupted: signal?.aborted === true, lastLines };
}

/** The address of a package index or a registry may hold a password. */
export function withoutCredentials(line: string): string {
  return line.replace(/(\w:\/\/)[^/\s@]+@/g, '$1***@');
}
