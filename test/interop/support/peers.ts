import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { PythonEnvironment, PythonSet } from './venvs.ts';
import { pythonEnvironment } from './venvs.ts';

/** Runs a script of test/interop/python with one JSON job and reads its JSON answer (the last line). */
export async function askPython(set: PythonSet, script: string, job: object): Promise<unknown> {
  const environment = await pythonEnvironment(set);
  const { stdout } = await execa(environment.python, [environment.peer(script)], {
    input: JSON.stringify(job),
    timeout: 100_000,
    ...OWN_WORLD,
  });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1));
}

/** No variable of the person who runs the tests reaches a Python peer. */
const OWN_WORLD = {
  extendEnv: false,
  env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', COLUMNS: '10000' },
} as const;

export interface PythonAxon {
  readonly port: number;
  readonly hotkey: string;
  readonly version: string;
  stop(): void;
}

/** Starts a real SDK axon on 127.0.0.1 that answers the callers it is told. */
export async function startPythonAxon(
  set: PythonSet,
  options: { readonly seed: string; readonly allow: readonly string[]; readonly prediction: string },
): Promise<PythonAxon> {
  const { python, peer } = await pythonEnvironment(set);
  const allow = options.allow.flatMap((hotkey) => ['--allow', hotkey]);
  const args = [peer('axon_peer.py'), '--seed', options.seed, '--prediction', options.prediction, ...allow];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'], env: OWN_WORLD.env });
  for await (const line of createInterface({ input: child.stdout })) {
    const told: Omit<PythonAxon, 'stop'> = JSON.parse(line);
    child.stdout.resume();
    return { ...told, stop: () => void child.kill('SIGKILL') };
  }
  throw new Error('the Python axon ended before it listened');
}

export interface BtcliOptions {
  readonly env?: Record<string, string>;
  readonly input?: string;
  readonly typed?: readonly string[];
}

/**
 * Runs a btcli with an own HOME and without a controlling terminal, so that it can only read its standard input;
 * or, with `typed`, on a terminal of its own where these lines are typed at its password prompts.
 * @returns its standard output
 */
export async function btcli(
  environment: PythonEnvironment,
  args: readonly string[],
  options: { readonly home: string } & BtcliOptions,
): Promise<string> {
  const { python, script, peer } = environment;
  const command = [script('btcli'), ...args];
  const { stdout } = await execa(
    python,
    options.typed ? [peer('on_terminal.py'), python, ...command] : command,
    {
      ...OWN_WORLD,
      env: { ...OWN_WORLD.env, HOME: options.home, ...options.env },
      input: options.typed?.map((line) => `${line}\n`).join('') ?? options.input ?? '',
      detached: true,
      timeout: 100_000,
    },
  );
  return stdout;
}
