import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { Sv72Error } from '../../errors/index.ts';
import type { LockFile } from '../environment/lock-file.ts';
import { runProgram } from '../program.ts';
import type { Engine } from './engine.ts';

/** Whether the engine has an image of that name. */
export async function hasImage(engine: Engine, name: string): Promise<boolean> {
  const result = await execa(engine.program, ['image', 'inspect', '--format', '{{.Id}}', name], {
    env: engine.env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  return !result.failed;
}

export function pullCommand(engine: Engine, name: string): string[] {
  return [engine.program, 'pull', name];
}

/** An image that is built from the trainer's Dockerfile. */
export interface Built {
  /** Named after everything that goes into it, so an image that is there is the right one. */
  readonly name: string;
  readonly command: readonly string[];
}

/** @param base image to build on */
export async function builtImage(
  engine: Engine,
  trainerDir: string,
  lock: LockFile,
  base: string,
): Promise<Built> {
  const hash = createHash('sha256').update(`${base}\0${lock.sha256}\0`);
  for (const file of await sources(trainerDir))
    hash.update(`${file}\0`).update(await readFile(join(trainerDir, file)));
  const name = `localhost/sv72-${lock.environment}:${hash.digest('hex').slice(0, 16)}`;
  const command = [
    engine.program,
    'build',
    ...['--build-arg', `BASE=${base}`],
    ...['--build-arg', `LOCK=${basename(lock.path)}`],
    ...['--tag', name],
    trainerDir,
  ];
  return { name, command };
}

/** What the Dockerfile copies, and itself. */
async function sources(trainerDir: string): Promise<string[]> {
  const found = await readdir(join(trainerDir, 'sv72_train'), { recursive: true });
  const modules = found.filter((file) => file.endsWith('.py')).sort();
  return ['Dockerfile', 'install_lock.py', ...modules.map((file) => join('sv72_train', file))];
}

/**
 * Pulls or builds.
 * @throws ERR_JOB_IMAGE with what the engine said last, ERR_INTERRUPTED
 */
export async function makeImage(
  engine: Engine,
  command: readonly string[],
  what: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onLine: (line: string) => void },
): Promise<void> {
  const { ok, interrupted, lastLines } = await runProgram(command, { env: engine.env, ...options });
  if (interrupted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted while an image was being made.');
  if (ok) return;
  throw new Sv72Error('ERR_JOB_IMAGE', `${what} failed: ${lastLines.at(-1) ?? 'no reason given'}`, {
    details: { command: [...command], lastLines },
  });
}
