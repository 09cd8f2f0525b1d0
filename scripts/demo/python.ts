import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** For uv: use the Python that is there, never fetch one. */
const QUIET = { env: { ...process.env, UV_PYTHON_DOWNLOADS: 'never', PIP_DISABLE_PIP_VERSION_CHECK: '1' } };

/**
 * The Python of a virtual environment that holds exactly the trainer's `train.cpu.lock` and `dev.txt`, made on first
 * use with uv (itself installed from PyPI into a small environment of its own), or with pip where uv cannot be had.
 */
export async function trainerPython(trainer: string, cache: string, python = 'python3'): Promise<string> {
  const lock = join(trainer, 'requirements', 'train.cpu.lock');
  const dev = join(trainer, 'requirements', 'dev.txt');
  const pins = await Promise.all([lock, dev].map((file) => readFile(file)));
  const digest = createHash('sha256').update(Buffer.concat(pins)).digest('hex').slice(0, 12);
  // The lock is whole, but leaves out packages that torch names: nothing may be resolved again.
  const installs = [
    ['-q', '--no-deps', '--require-hashes', '-r', lock],
    ['-q', '-r', dev],
  ];
  const env = join(cache, `venv-${digest}`);
  const interpreter = join(env, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;
  const fresh = `${env}.new`;
  await rm(fresh, { recursive: true, force: true });
  const uv = await uvProgram(cache, python);
  if (uv === undefined) {
    await run(python, ['-m', 'venv', fresh], QUIET);
    for (const install of installs)
      await run(join(fresh, 'bin', 'python'), ['-m', 'pip', 'install', ...install], QUIET);
  } else {
    await run(uv, ['venv', '-q', '--relocatable', '--python', python, fresh], QUIET);
    const into = ['--python', join(fresh, 'bin', 'python')];
    for (const install of installs) await run(uv, ['pip', 'install', ...into, ...install], QUIET);
  }
  await rename(fresh, env);
  return interpreter;
}

async function uvProgram(cache: string, python: string): Promise<string | undefined> {
  const folder = join(cache, 'uv');
  const uv = join(folder, 'bin', 'uv');
  if (await exists(uv)) return uv;
  try {
    await run(python, ['-m', 'venv', folder], QUIET);
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', 'uv==0.13.8'], QUIET);
    return uv;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
