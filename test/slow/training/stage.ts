import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { Sandbox } from '../../support/cli.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Where packages come from, and whom to trust there. */
const INSTALLERS = /^(PIP_|UV_|SSL_CERT_|REQUESTS_CA_BUNDLE$|CURL_CA_BUNDLE$|https?_proxy$|no_proxy$)/i;

/** A home of its own, but for the Python environments, which take minutes to make. uv is taken where it is there. */
export function home(): { sandbox: Sandbox; env: Record<string, string> } {
  const sandbox = new Sandbox();
  onTestFinished(() => sandbox.remove());
  return { sandbox, env: withPython(sandbox) };
}

/** Gives a home the Python environments that others of these tests made. @returns variables to train with */
export function withPython(sandbox: Sandbox): Record<string, string> {
  const shared = join(ROOT, '.cache', 'jobs');
  mkdirSync(shared, { recursive: true });
  const cache = join(sandbox.home, '.cache', 'sv72');
  mkdirSync(cache, { recursive: true });
  symlinkSync(shared, join(cache, 'python'));
  const uv = join(ROOT, '.cache', 'demo', 'uv', 'bin');
  const installing = Object.entries(process.env).filter(([name]) => INSTALLERS.test(name));
  return { ...Object.fromEntries(installing), PATH: `${process.env.PATH ?? ''}:${uv}` };
}

export interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Reads a command's lines until one fits; the rest flows on. */
export async function lineOf(
  child: ChildProcessWithoutNullStreams,
  fits: (line: Line) => boolean,
): Promise<Line> {
  return await new Promise((resolve, reject) => {
    let found = false;
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (found) return;
      const line: Line = JSON.parse(text);
      found = fits(line);
      if (found) resolve(line);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before`)));
  });
}

/** The trainer's processes of a job, by the variable that all of them carry. */
export function processesOf(job: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return environment.includes(`SV72_JOB_ID=${job}`) && command.includes('sv72_train')
        ? [Number(name)]
        : [];
    } catch {
      return [];
    }
  });
}

/** What a command that failed printed with --json, after its lines. */
export function failureOf(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
