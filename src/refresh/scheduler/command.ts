import { spawn } from 'node:child_process';

export interface Ended {
  /** null: it could not be started. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs one of the system's programs. */
export type RunCommand = (command: string, args: readonly string[], stdin?: Buffer) => Promise<Ended>;

const TIMEOUT_MS = 20_000;

/** Runs a program without a shell, in a locale whose messages are known. It never throws. */
export const runCommand: RunCommand = async (command, args, stdin) =>
  await new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const end = (code: number | null) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
    child.once('error', () => end(null));
    child.once('close', (code) => end(code ?? 1));
  });

/** What a program said, as a clause for a message. */
export function said({ code, stderr }: Ended): string {
  const line = stderr
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  if (code === null) return 'it could not be started';
  return line === undefined ? `exit ${code}` : line.slice(0, 200);
}
