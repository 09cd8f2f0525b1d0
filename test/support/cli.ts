import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** What one run of the built CLI left behind. */
export interface Finished {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Contents of further file descriptors, from 3 on. */
  readonly descriptors?: readonly string[];
}

/** An own HOME, so that a test neither reads nor writes the person's files. */
export class Sandbox {
  readonly home = mkdtempSync(join(tmpdir(), 'sv72-test-'));

  /** Only PATH comes from outside, so that no BT_ or SV72_ variable of the machine has a say. */
  env(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { PATH = '', NODE_COMPILE_CACHE } = process.env;
    const quick = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
    return { PATH, ...quick, HOME: this.home, NO_COLOR: '1', ...extra };
  }

  /** Starts `sv72 …args` (the built CLI). */
  start(args: readonly string[], options: CliOptions = {}): ChildProcessWithoutNullStreams {
    const further = (options.descriptors ?? []).map(() => 'pipe' as const);
    const child = spawn(process.execPath, [RUN, ...args], {
      cwd: options.cwd ?? this.home,
      env: this.env(options.env),
      stdio: ['pipe', 'pipe', 'pipe', ...further],
    });
    for (const [index, text] of (options.descriptors ?? []).entries()) {
      const pipe = child.stdio[index + 3];
      // A child may end without reading what it was given.
      if (pipe && 'end' in pipe) pipe.on('error', () => undefined).end(text);
    }
    return child as ChildProcessWithoutNullStreams;
  }

  /** Runs `sv72 …args` to its end. */
  async run(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
    const child = this.start(args, options);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    return await finished(child);
  }

  /** Runs `sv72 …args --json` and parses its result. */
  async json(args: readonly string[], options: CliOptions = {}): Promise<Finished & { json: unknown }> {
    const result = await this.run([...args, '--json'], options);
    return { ...result, json: JSON.parse(result.stdout) };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Waits for a process to end and collects what it printed. */
export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
}
