import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installEnvironment, planEnvironment } from '../../src/jobs/environment/install.ts';
import { findLockFile } from '../../src/jobs/environment/lock-file.ts';
import { withoutCredentials } from '../../src/jobs/program.ts';
import { processesWith } from '../../src/processes/index.ts';
import { Machine } from './engines/machine.ts';
import { until } from './engines/scenarios.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

/** uv as far as it is used here: what it is told is noted, `install` does the rest. */
function uv(install: string): void {
  machine.program(
    'uv',
    `echo "$*" >> '${machine.root}/uv.log'
case "$1" in
  --version) echo 'uv 0.13.8' ;;
  venv) [ "$2 $3 $4" = '--quiet --no-project --python' ] && mkdir -p "$6/bin" && ln -s "$5" "$6/bin/python" ;;
  pip) [ "$2 $3 $5 $6 $7" = 'install --python --require-hashes --no-deps -r' ] || exit 2; ${install} ;;
  *) exit 2 ;;
esac`,
  );
}

const told = (verb: string): string[] =>
  readFileSync(join(machine.root, 'uv.log'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(verb));
const cacheDir = (): string => join(machine.root, 'cache');
const lock = () => findLockFile(machine.trainer, 'tiny', false);
const options = () => ({ cacheDir: cacheDir(), env: machine.env });

it('two that want it at once make it once, and later ones find it', async () => {
  uv('sleep 0.2');
  const [a, b] = await Promise.all([
    installEnvironment(await lock(), options()),
    installEnvironment(await lock(), options()),
  ]);
  expect(a).toBe(b);
  expect(existsSync(a)).toBe(true);
  expect(await installEnvironment(await lock(), options())).toBe(a);
  expect(told('pip')).toHaveLength(1);
});

it('another lock file is another environment', async () => {
  uv(':');
  const first = await installEnvironment(await lock(), options());
  writeFileSync(join(machine.trainer, 'requirements', 'tiny.lock'), '# something else\n');
  expect(await installEnvironment(await lock(), options())).not.toBe(first);
});

it('an installation that was interrupted leaves nothing, and is made again', async () => {
  uv('echo begun; exec sleep 600');
  const stop = new AbortController();
  const onLine = (line: string): void => {
    if (line === 'begun') stop.abort();
  };
  await expect(
    installEnvironment(await lock(), { ...options(), signal: stop.signal, onLine }),
  ).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  const { folder } = await planEnvironment(await lock(), options());
  expect(existsSync(folder)).toBe(false);
  expect(processesWith('SV72_INSTALLS', folder)).toEqual([]);
  uv(':');
  await installEnvironment(await lock(), options());
});

it('what a killed sv72 left half made, and its installer, are cleared away', async () => {
  uv(`touch '${machine.root}/begun'; exec sleep 600`);
  const abandoned = installEnvironment(await lock(), options()).catch((error: unknown) => error);
  await until(() => existsSync(join(machine.root, 'begun')));
  const { folder } = await planEnvironment(await lock(), options());
  const [installer] = processesWith('SV72_INSTALLS', folder);
  expect(installer).toBeDefined();
  process.kill(installer?.pid ?? 0, 'SIGKILL');
  expect(await abandoned).toMatchObject({ code: 'ERR_JOB_ENVIRONMENT' });
  uv(':');
  const python = await installEnvironment(await lock(), options());
  expect(python.startsWith(folder)).toBe(true);
});

it('says what the installer said last, without the password of an index', async () => {
  uv("echo 'looking at https://me:secret@index.example/simple' >&2; echo 'error: no space left' >&2; exit 1");
  await expect(installEnvironment(await lock(), options())).rejects.toMatchObject({
    code: 'ERR_JOB_ENVIRONMENT',
    message: expect.stringContaining('error: no space left'),
    details: { lastLines: ['looking at https://***@index.example/simple', 'error: no space left'] },
  });
  expect(withoutCredentials('git+ssh://a:b@host/x')).toBe('git+ssh://***@host/x');
  expect(readdirSync(cacheDir()).filter((name) => !name.endsWith('.lock'))).toEqual([]);
});

it('without uv it is venv and pip', async () => {
  machine.program('uv', 'exit 127');
  const plan = await planEnvironment(await lock(), options());
  expect(plan.commands.map((command) => command.slice(1, 4))).toEqual([
    ['-m', 'venv', plan.folder],
    ['-m', 'pip', 'install'],
  ]);
  expect(plan.commands[1]).toEqual(expect.arrayContaining(['--require-hashes', '--no-deps']));
});

it('says which Python there is when none is new enough', async () => {
  for (const name of ['python3', 'python3.11', 'python3.12', 'python3.13', 'python3.14', 'python']) {
    machine.program(name, 'echo \'[3, 9, true, "/usr/bin/python3"]\'');
  }
  await expect(planEnvironment(await lock(), options())).rejects.toMatchObject({
    code: 'ERR_JOB_PYTHON',
    message: expect.stringContaining('python3 is 3.9'),
  });
});

it('the CPU’s own lock file is taken where no GPU is used', async () => {
  writeFileSync(join(machine.trainer, 'requirements', 'tiny.cpu.lock'), 'torch==1\n');
  expect((await findLockFile(machine.trainer, 'tiny', false)).path).toMatch(/tiny\.cpu\.lock$/);
  expect((await findLockFile(machine.trainer, 'tiny', true)).path).toMatch(/tiny\.lock$/);
  await expect(findLockFile(machine.trainer, 'none', false)).rejects.toMatchObject({
    code: 'ERR_JOB_LOCK_FILE',
  });
});
