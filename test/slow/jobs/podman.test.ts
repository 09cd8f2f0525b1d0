import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runJob } from '../../../src/jobs/index.ts';
import { testJob } from '../../jobs/engines/job.ts';
import { Machine } from '../../jobs/engines/machine.ts';
import { jobScenarios } from '../../jobs/engines/scenarios.ts';
import { importImage, rootFileSystem } from './base-image.ts';

const TRAINER = fileURLToPath(new URL('../../../templates/train', import.meta.url));
const BASE = 'localhost/sv72-test-base:1';

const machine = new Machine();
const storage = mkdtempSync(join(tmpdir(), 'sv72-podman-'));
/** podman as root inside a machine that permits neither raised limits nor crun's cgroups, with a storage of its own. */
const env = {
  ...machine.env,
  CONTAINERS_CONF: join(storage, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: join(storage, 'storage.conf'),
  BUILDAH_ISOLATION: 'chroot',
};

beforeAll(() => {
  try {
    execFileSync('podman', ['--version']);
  } catch {
    throw new Error('these tests need podman and runc (`apt-get install podman runc`)');
  }
  writeFileSync(
    env.CONTAINERS_CONF,
    '[containers]\ndefault_ulimits = ["nofile=1024:20000","nproc=1024:4096"]\n[engine]\nruntime = "runc"\n',
  );
  writeFileSync(
    env.CONTAINERS_STORAGE_CONF,
    `[storage]\ndriver = "overlay"\ngraphroot = "${join(storage, 'graph')}"\nrunroot = "${join(storage, 'run')}"\n`,
  );
  cpSync(join(TRAINER, 'Dockerfile'), join(machine.trainer, 'Dockerfile'));
  cpSync(join(TRAINER, 'install_lock.py'), join(machine.trainer, 'install_lock.py'));
  cpSync(join(TRAINER, '.dockerignore'), join(machine.trainer, '.dockerignore'));
  writeFileSync(join(machine.trainer, 'sv72_train', '__init__.py'), 'NAME = "ours"\n');
  importImage(rootFileSystem(), BASE, env);
  whyNot = cannotRun();
  if (whyNot !== undefined) {
    console.error(`podman cannot run containers on this machine; its tests are LEFT OUT: ${whyNot}`);
  }
});

// Inside some sandboxes podman can be installed and still not start anything, which is no fault of ours.
beforeEach(({ skip }) => skip(whyNot !== undefined, `podman cannot run containers here: ${whyNot}`));

let whyNot: string | undefined;

function cannotRun(): string | undefined {
  const { status, stderr } = spawnSync('podman', ['run', '--rm', '--network=none', BASE, '/bin/sleep', '0'], {
    env,
    encoding: 'utf8',
  });
  return status === 0 ? undefined : stderr.trim().slice(-300);
}

afterAll(() => {
  try {
    execFileSync('podman', ['system', 'reset', '--force'], { env, stdio: 'ignore' });
  } finally {
    rmSync(storage, { recursive: true, force: true });
    machine.remove();
  }
});

function containers(): string[] {
  const names = execFileSync('podman', ['ps', '--all', '--format', '{{.Names}}'], { env, encoding: 'utf8' });
  return names.split('\n').filter((name) => name !== '');
}

describe('a job in a container of podman', { timeout: 90_000 }, () => {
  const options = () => ({ ...machine.options('podman'), env });
  const image = { kind: 'build', base: BASE } as const;

  jobScenarios({
    work: machine.work,
    options,
    job: { image },
    containers: async () => containers(),
    adopts: true,
  });

  it('has our Python package, its mounts, its limits and no network', async () => {
    const script = [
      'import json, os, socket, sv72_train',
      'shm = os.statvfs("/dev/shm"); names = [name for _, name in socket.if_nameindex()]',
      'readonly = not os.access("/job/data", os.W_OK)',
      'print(json.dumps({"event": "result", "name": sv72_train.NAME, "shm": shm.f_frsize * shm.f_blocks, "names": names, "readonly": readonly}))',
    ].join('\n');
    const result = await runJob(
      testJob(machine.work, 'done', {
        image,
        command: ['python', '-c', script],
        mounts: [
          { name: 'work', host: machine.work },
          { name: 'data', host: machine.bin, readonly: true },
        ],
        limits: { shmBytes: 32 * 2 ** 20 },
      }),
      options(),
    );
    expect(result.lastResult?.data).toMatchObject({ name: 'ours', shm: 32 * 2 ** 20, names: ['lo'] });
    expect(existsSync(join(machine.work, 'out'))).toBe(false);
  });

  it('says why an image cannot be had', async () => {
    const spec = testJob(machine.work, 'done', { image: { kind: 'named', name: 'localhost:1/nothing:1' } });
    await expect(runJob(spec, options())).rejects.toMatchObject({ code: 'ERR_JOB_IMAGE' });
    expect(containers()).toEqual([]);
  });

  it('says what podman says when the GPU cannot be handed over', async () => {
    machine.gpus(['0, NVIDIA L4, 580.95.05, 23034, 22563, 8.9']);
    const result = await runJob(
      testJob(machine.work, 'done', { image: { kind: 'named', name: BASE }, gpus: 'all' }),
      options(),
    );
    expect(result).toMatchObject({ outcome: 'failed', exitCode: 126 });
    rmSync(join(machine.bin, 'nvidia-smi'));
  });
});
