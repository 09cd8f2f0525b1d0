import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const here = dirname(fileURLToPath(import.meta.url));
const requirementsFolder = resolve(here, '../requirements');
const pythonFolder = resolve(here, '../python');
const repository = resolve(here, '../../..');
const UV = 'uv==0.13.8';

/** The pinned sets of test/interop/requirements, one virtual environment each. */
export type PythonSet =
  | 'sdk-9'
  | 'sdk-10'
  | 'sdk-11'
  | 'btcli-9'
  | 'wallet-1.0'
  | 'wallet-2.0'
  | 'wallet-4.0'
  | 'wallet-4.1'
  | 'parity'
  | 'figures'
  | 'mlserver'
  | 'llama-cpp';

export interface PythonEnvironment {
  readonly set: PythonSet;
  readonly folder: string;
  /** The environment's interpreter. */
  readonly python: string;
  /** Arguments for `python` that run a console script of the environment, such as `btcli`. */
  script(name: string): string;
  /** Path of a script in test/interop/python. */
  peer(name: string): string;
}

/** Where environments are kept: SV72_PYTHON_CACHE, or .cache/python in the repository. */
function pythonCache(): string {
  return resolve(process.env.SV72_PYTHON_CACHE ?? join(repository, '.cache/python'));
}

/**
 * The virtual environment of a pinned set. Made on first use, in a folder named after the hash of its
 * requirements and of the interpreter, and reused afterwards. Safe to call from several processes.
 */
export async function pythonEnvironment(set: PythonSet): Promise<PythonEnvironment> {
  const requirements = join(requirementsFolder, `${set}.txt`);
  const base = await basePython();
  const key = createHash('sha256')
    .update(base.version)
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(pythonCache(), `${set}-${key.slice(0, 12)}`);
  await ensureFolder(folder, async (building) => {
    const uv = await uvProgram(base);
    if (uv === undefined) {
      await run(base.path, ['-m', 'venv', building]);
      await run(join(building, 'bin/python'), [
        '-m',
        'pip',
        'install',
        '--no-deps',
        '-q',
        '-r',
        requirements,
      ]);
    } else {
      await run(uv, ['venv', '-q', '--relocatable', '--python', base.path, building]);
      const target = ['--no-deps', '-q', '--python', join(building, 'bin/python'), '-r', requirements];
      await run(uv, ['pip', 'install', ...target]);
    }
  });
  return {
    set,
    folder,
    python: join(folder, 'bin/python'),
    script: (name) => join(folder, 'bin', name),
    peer: (name) => join(pythonFolder, name),
  };
}

interface BasePython {
  readonly path: string;
  readonly version: string;
}

/** SV72_PYTHON, else the first of python3.11, python3.12 and python3 that is 3.11 or newer (numpy's floor). */
async function basePython(): Promise<BasePython> {
  const named = process.env.SV72_PYTHON;
  const candidates = named === undefined ? ['python3.11', 'python3.12', 'python3'] : [named];
  for (const candidate of candidates) {
    const code = 'import sys; print(sys.executable); print(sys.version); assert sys.version_info >= (3, 11)';
    const result = await execa(candidate, ['-c', code], { reject: false });
    const [path, version] = result.stdout?.split('\n') ?? [];
    if (result.exitCode === 0 && path !== undefined && version !== undefined) return { path, version };
  }
  throw new Error(
    `No Python 3.11 or newer among ${candidates.join(', ')}; set SV72_PYTHON to one with venv.`,
  );
}

/** uv installs in seconds what pip needs minutes for; where it cannot be had, pip does the work. */
async function uvProgram(base: BasePython): Promise<string | undefined> {
  const key = createHash('sha256').update(base.version).update(UV).digest('hex');
  const folder = join(pythonCache(), `uv-${key.slice(0, 12)}`);
  try {
    await ensureFolder(folder, async (building) => {
      await run(base.path, ['-m', 'venv', building]);
      await run(join(building, 'bin/python'), ['-m', 'pip', 'install', '-q', UV]);
    });
    return join(folder, 'bin/uv');
  } catch {
    return undefined;
  }
}

/** Builds beside the folder and renames at the end: a folder that exists is complete. */
async function ensureFolder(folder: string, build: (building: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const building = `${folder}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await build(building);
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (await exists(folder)) return;
    throw error;
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  await execa(program, args, {
    env: { UV_PYTHON_DOWNLOADS: 'never', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    timeout: 600_000,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
