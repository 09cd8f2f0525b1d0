import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runJob } from '../../../src/jobs/index.ts';
import { testJob } from '../../jobs/engines/job.ts';
import { Machine } from '../../jobs/engines/machine.ts';
import { jobScenarios } from '../../jobs/engines/scenarios.ts';
import { Podman } from '../../support/podman.ts';
import { importImage, rootFileSystem } from './base-image.ts';

const TRAINER = fileURLToPath(new URL('../../../templates/train', import.meta.url));
const BASE = 'localhost/sv72-test-base:1';

const machine = new Machine();
const podman = new Podman();
const env = { ...machine.env, ...podman.env };
let whyNot: string | undefined;

beforeAll(() => {
  podman.require();
  cpSync(join(TRAINER, 'Dockerfile'), join(machine.trainer, 'Dockerfile'));
  cpSync(join(TRAINER, 'install_lock.py'), join(machine.trainer, 'install_lock.py'));
  cpSync(join(TRAINER, '.dockerignore'), join(machine.trainer, '.dockerignore'));
  writeFileSync(join(machine.trainer, 'sv72_train', '__init__.py'), 'NAME = "ours"\n');
  importImage(rootFileSystem(), BASE, env);
  whyNot = podman.whyNot(BASE);
  if (whyNot !== undefined) {
    console.error(`podman cannot run containers on this machine; its tests are LEFT OUT: ${whyNot}`);
  }
});

beforeEach(({ skip }) => skip(whyNot !== undefined, `podman cannot run containers here: ${whyNot}`));

afterAll(() => {
  podman.remove();
  machine.remove();
});

describe('a job in a container of podman', { timeout: 90_000 }, () => {
  const options = () => ({ ...machine.options('podman'), env });
  const image = { kind: 'build', base: BASE } as const;

  jobScenarios({
    work: machine.work,
    options,
    job: { image },
    containers: async () => podman.containers(),
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
    expect(podman.containers()).toEqual([]);
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
