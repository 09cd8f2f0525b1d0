import { execa } from 'execa';
import type { ProgramOutput } from './types.ts';

const MOST_MS = 3_500;

/**
 * Runs a program in plain English (LC_ALL=C) without a terminal.
 * @returns undefined when there is none of that name, or it took longer than 3.5 s and was ended.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ProgramOutput | undefined> {
  const result = await execa(file, args, {
    env: { ...env, LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: MOST_MS,
    maxBuffer: 1_000_000,
  });
  if (result.exitCode === undefined) return undefined;
  return { stdout: result.stdout, stderr: result.stderr, exit: result.exitCode };
}
