import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JobSpec, mustHaveBegun, planJob, runJob } from '../../src/jobs/index.ts';
import { testJob } from './engines/job.ts';
import { Machine } from './engines/machine.ts';

const L4 = '0, NVIDIA L4, 580.95.05, 23034, 22563, 8.9';
const L4_TOO = '1, NVIDIA L4, 580.95.05, 23034, 22563, 8.9';
const { uid, gid } = userInfo();

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
  machine.standIn('docker');
  machine.standIn('podman');
  machine.images(['localhost/test:1']);
});
afterEach(() => machine.remove());

/** The last command of the plan, as flag → values. */
async function flags(runtime: 'docker' | 'podman', more: Partial<JobSpec>): Promise<Map<string, string[]>> {
  const plan = await planJob(testJob(machine.work, 'done', more), machine.options(runtime));
  const command = plan.commands.at(-1) ?? [];
  const found = new Map<string, string[]>();
  for (const [index, word] of command.entries()) {
    if (word === plan.image) break;
    if (word.startsWith('--')) found.set(word, [...(found.get(word) ?? []), command[index + 1] ?? '']);
  }
  return found;
}

describe('GPUs', () => {
  beforeEach(() => machine.gpus([L4, L4_TOO]));

  it('are given in each engine’s own way', async () => {
    expect((await flags('docker', { gpus: 'all' })).get('--gpus')).toEqual(['all']);
    expect((await flags('docker', { gpus: [0, 1] })).get('--gpus')).toEqual(['"device=0,1"']);
    expect((await flags('podman', { gpus: 'all' })).get('--device')).toEqual(['nvidia.com/gpu=all']);
    expect((await flags('podman', { gpus: [0, 1] })).get('--device')).toEqual([
      'nvidia.com/gpu=0',
      'nvidia.com/gpu=1',
    ]);
  });

  it('are not asked for by a job without', async () => {
    for (const runtime of ['docker', 'podman'] as const) {
      const given = await flags(runtime, { gpus: 'none' });
      expect([given.has('--gpus'), given.has('--device')]).toEqual([false, false]);
    }
  });

  it('choose the image', async () => {
    const spec = testJob(machine.work, 'done', { gpus: 'all', image: { kind: 'by-gpu' } });
    const plan = await planJob(spec, machine.options('docker'));
    expect(plan.image).toContain('cuda13.0');
    expect(plan.commands[0]).toEqual(['docker', 'pull', plan.image]);
  });
});

describe('files that a job writes are the person’s', () => {
  it('docker and podman of root run it as the person', async () => {
    for (const runtime of ['docker', 'podman'] as const) {
      const given = await flags(runtime, {});
      expect(given.get('--user')).toEqual([`${uid}:${gid}`]);
      expect(given.has('--userns')).toBe(false);
    }
  });

  it('rootless podman keeps the person’s number', async () => {
    writeFileSync(join(machine.engine, 'rootless'), '');
    const given = await flags('podman', {});
    expect(given.get('--userns')).toEqual(['keep-id']);
    expect(given.get('--user')).toEqual([`${uid}:${gid}`]);
  });
});

describe('what a container is told', () => {
  it('has mounts, limits, labels, and secrets by name only', async () => {
    const given = await flags('podman', {
      mounts: [
        { name: 'work', host: machine.work },
        { name: 'data', host: machine.bin, readonly: true },
      ],
      limits: { memoryBytes: 2 ** 30, shmBytes: 2 ** 28, cpus: 1.5 },
      env: { CACHE: { mount: 'work', path: 'cache' } },
      secrets: { HF_TOKEN: 'hf_secret' },
    });
    expect(given.get('--mount')?.slice(0, 2)).toEqual([
      `type=bind,source=${machine.work},target=/job/work`,
      `type=bind,source=${machine.bin},target=/job/data,readonly`,
    ]);
    expect(given.get('--memory')).toEqual(['1073741824b']);
    expect(given.get('--shm-size')).toEqual(['268435456b']);
    expect(given.get('--cpus')).toEqual(['1.5']);
    expect(given.get('--network')).toEqual(['none']);
    expect(given.get('--env')).toEqual(expect.arrayContaining(['CACHE=/job/work/cache', 'HF_TOKEN']));
    expect(given.get('--label')).toEqual(expect.arrayContaining([`sv72.state=${machine.state}`]));
  });

  it('is taken by a strict engine, and its dry run is what runs', async () => {
    const secrets = { SV72_TEST_TOKEN: 'a-very-secret-token' };
    const spec = testJob(machine.work, 'tell', { env: { PLAIN: 'p' }, secrets });
    const plan = await planJob(spec, machine.options('docker'));
    expect(JSON.stringify(plan)).not.toContain('a-very-secret-token');
    expect(plan.secrets).toEqual(['SV72_TEST_TOKEN']);
    const result = await runJob(spec, machine.options('docker'));
    expect(result).toMatchObject({ outcome: 'done', warnings: ['it is ***'] });
    const [ran = []] = machine.calls('run');
    expect(ran.map((word) => word.replaceAll(result.id, 'test-dry-run'))).toEqual(plan.commands.at(-1));
    expect(JSON.stringify(machine.calls())).not.toContain('a-very-secret-token');
  });

  it('refuses a path that cannot be written there', async () => {
    const host = join(machine.root, 'a,b');
    mkdirSync(host);
    await expect(runJob(testJob(host, 'done'), machine.options('docker'))).rejects.toMatchObject({
      code: 'ERR_JOB_MOUNT',
    });
    expect(machine.calls('run')).toEqual([]);
  });
});

describe('an image', () => {
  it('is built once for all that goes into it', async () => {
    const image = { kind: 'build', base: 'localhost/base:1' } as const;
    machine.images(['localhost/base:1']);
    const spec = testJob(machine.work, 'done', { image });
    await runJob(spec, machine.options('podman'));
    await runJob(spec, machine.options('podman'));
    const [build = [], ...others] = machine.calls('build');
    expect(others).toEqual([]);
    expect(build).toEqual(
      expect.arrayContaining(['BASE=localhost/base:1', 'LOCK=tiny.lock', machine.trainer]),
    );
    writeFileSync(join(machine.trainer, 'sv72_train', 'new.py'), 'x = 1\n');
    const plan = await planJob(spec, machine.options('podman'));
    expect(plan.commands).toHaveLength(2);
  });

  it('is pulled when it is not here; a missing one is said', async () => {
    const image = (name: string) => testJob(machine.work, 'done', { image: { kind: 'named', name } });
    await expect(runJob(image('example.org/x:1'), machine.options('docker'))).resolves.toMatchObject({
      outcome: 'done',
    });
    await expect(runJob(image('example.org/missing:1'), machine.options('docker'))).rejects.toMatchObject({
      code: 'ERR_JOB_IMAGE',
      message: expect.stringContaining('manifest unknown'),
    });
  });
});

describe('a dry run where something is missing', () => {
  it('shows the commands of a machine that has it, and says what is missing', async () => {
    machine.program('docker', 'exit 1');
    const spec = testJob(machine.work, 'done', {
      gpus: 'all',
      needs: { gpu: true, vramBytes: 4e9 },
      image: { kind: 'by-gpu' },
    });
    const plan = await planJob(spec, { ...machine.options('docker'), env: machine.env });
    expect(plan.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['gpu', 'runtime']);
    expect(plan.commands[0]).toEqual(['docker', 'pull', expect.stringContaining('cuda13.0')]);
    expect(plan.commands[1]).toEqual(expect.arrayContaining(['--gpus', 'all']));
    await expect(runJob(spec, machine.options('docker'))).rejects.toMatchObject({ code: 'ERR_JOB_NO_GPU' });
  });

  it('says that a driver is too old', async () => {
    machine.gpus(['0, NVIDIA RTX 5090, 570.1, 32607, 32000, 12.0']);
    const spec = testJob(machine.work, 'done', { gpus: 'all', image: { kind: 'by-gpu' } });
    const { checks } = await planJob(spec, machine.options('docker'));
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      { name: 'driver', ok: false, message: expect.stringContaining('needs NVIDIA driver 580') },
    ]);
    await expect(runJob(spec, machine.options('docker'))).rejects.toMatchObject({ code: 'ERR_JOB_DRIVER' });
  });
});

describe('the runtime', () => {
  it('is the first that works', async () => {
    const runtime = async () =>
      (await planJob(testJob(machine.work, 'done'), machine.options('auto'))).runtime;
    expect(await runtime()).toBe('docker');
    machine.program('docker', 'echo "Cannot connect to the Docker daemon. Is it running?" >&2; exit 1');
    expect(await runtime()).toBe('podman');
    await expect(runJob(testJob(machine.work, 'done'), machine.options('docker'))).rejects.toMatchObject({
      code: 'ERR_JOB_RUNTIME',
      message: expect.stringContaining('Cannot connect to the Docker daemon'),
    });
  });
});

it.each([
  [125, 'Error: unresolvable CDI devices nvidia.com/gpu=all', 'ERR_JOB_GPU_ACCESS'],
  [126, 'Error: stat nvidia.com/gpu=all: no such file or directory', 'ERR_JOB_GPU_ACCESS'],
  [
    125,
    'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
    'ERR_JOB_GPU_ACCESS',
  ],
  [125, 'Error: crun: cannot set ulimits', 'ERR_JOB_START'],
] as const)('exit %i of an engine: %s', (exitCode, line, code) => {
  const result = {
    id: 'x',
    runtime: 'podman',
    outcome: 'failed',
    exitCode,
    lastProgress: null,
    lastResult: null,
    warnings: [],
    lastLines: [line],
    logFile: '/log',
    seconds: 1,
  } as const;
  expect(() => mustHaveBegun(result)).toThrow(expect.objectContaining({ code }));
});
