import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeWhole } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { killProcessesWith } from '../../processes/index.ts';
import { passedToInstallers } from '../job-environment.ts';
import { runProgram } from '../program.ts';
import { withFileLock } from '../state/file-lock.ts';
import type { LockFile } from './lock-file.ts';
import { findPython } from './python.ts';

/** Written last: an environment without it was interrupted. */
const COMPLETE = 'sv72-complete.json';
/** Variable by which the processes of an installation are known. */
const INSTALL_VARIABLE = 'SV72_INSTALLS';

export interface InstallOptions {
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
  /** What is going on, for people. */
  readonly onLine?: (line: string) => void;
}

/** How an environment would be made. */
export interface EnvironmentPlan {
  readonly folder: string;
  readonly python: string;
  readonly installed: boolean;
  /** None when it is installed. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * Where the environment of a lock file is, and what makes it: uv where it is present, else venv and pip.
 * The folder is named after the lock file's hash and Python's version, so a change of either makes another one.
 * @throws ERR_JOB_PYTHON
 */
export async function planEnvironment(
  lock: LockFile,
  { cacheDir, env }: Pick<InstallOptions, 'cacheDir' | 'env'>,
): Promise<EnvironmentPlan> {
  const given = passedToInstallers(env);
  const uv = await works('uv', given);
  const base = await findPython(given, !uv);
  const key = createHash('sha256')
    .update(`1 ${lock.sha256} ${base.version} ${process.platform} ${process.arch}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheDir, `${lock.environment}-${key}`);
  const python = join(folder, 'bin', 'python');
  if (await isComplete(folder, python)) return { folder, python, installed: true, commands: [] };
  // The lock file is the whole closure, so nothing else may be looked for; the CPU's leaves out what torch asks for.
  const wanted = ['--require-hashes', '--no-deps', '-r', lock.path];
  const commands = uv
    ? [
        ['uv', 'venv', '--quiet', '--no-project', '--python', base.program, folder],
        ['uv', 'pip', 'install', '--python', python, ...wanted],
      ]
    : [
        [base.program, '-m', 'venv', folder],
        [python, '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', ...wanted],
      ];
  return { folder, python, installed: false, commands };
}

/**
 * Makes the environment of a lock file unless it is there; two that want it at once make it once, and one that was
 * interrupted is made again from nothing.
 * @returns path of its Python
 * @throws ERR_JOB_PYTHON, ERR_JOB_ENVIRONMENT with the last lines of the installer, ERR_INTERRUPTED
 */
export async function installEnvironment(lock: LockFile, options: InstallOptions): Promise<string> {
  const { cacheDir, env, signal, onLine, now = Date.now } = options;
  const before = await planEnvironment(lock, options);
  if (before.installed) return before.python;
  await mkdir(cacheDir, { recursive: true });
  return await withFileLock(
    `${before.folder}.lock`,
    async () => {
      const plan = await planEnvironment(lock, options);
      if (plan.installed) return plan.python;
      // What a killed sv72 left installing would write into the new one.
      killProcessesWith(INSTALL_VARIABLE, plan.folder);
      await rm(plan.folder, { recursive: true, force: true });
      const given = {
        ...passedToInstallers(env),
        UV_PYTHON_DOWNLOADS: 'never',
        [INSTALL_VARIABLE]: plan.folder,
      };
      try {
        for (const command of plan.commands) await runInstaller(command, given, lock, signal, onLine);
      } catch (error) {
        killProcessesWith(INSTALL_VARIABLE, plan.folder);
        await rm(plan.folder, { recursive: true, force: true });
        throw error;
      }
      const mark = { lock: lock.sha256, madeAt: new Date(now()).toISOString() };
      await writeWhole(join(plan.folder, COMPLETE), `${JSON.stringify(mark)}\n`);
      return plan.python;
    },
    { signal, onWait: () => onLine?.('waiting for another sv72 that installs the same') },
  );
}

async function runInstaller(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  lock: LockFile,
  signal: AbortSignal | undefined,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  const { ok, interrupted, lastLines } = await runProgram(command, { env, signal, onLine });
  if (interrupted) {
    throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted while packages were being installed.');
  }
  if (ok) return;
  throw new Sv72Error(
    'ERR_JOB_ENVIRONMENT',
    `The packages of "${lock.environment}" could not be installed: ${lastLines.at(-1) ?? 'no reason given'}`,
    { details: { command: [...command], lastLines } },
  );
}

async function works(program: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const result = await execa(program, ['--version'], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  return !result.failed;
}

async function isComplete(folder: string, python: string): Promise<boolean> {
  try {
    await readFile(join(folder, COMPLETE));
    await access(python, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
