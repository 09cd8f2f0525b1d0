import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkJob, type Machine, mustPass } from '../../src/jobs/checks.ts';
import type { JobSpec } from '../../src/jobs/index.ts';
import { testJob } from './engines/job.ts';

let looks = 0;
const machine: Machine = {
  memoryBytes: 16e9,
  disk: async (folder) => {
    if (folder === '/dev/shm') return { id: 'shm', freeBytes: 1e9 };
    // What is free may change between two looks.
    return folder === '/images' ? { id: 'a', freeBytes: 5e9 } : { id: 'b', freeBytes: 20e9 - looks++ };
  },
};
const gpu = { index: 0, name: 'L4', driver: '580.1', memoryBytes: 24e9, freeBytes: 8e9, capability: 8.9 };
const download = (where: string, bytes: number) => [{ what: 'the image', where, bytes }];

async function check(
  more: Partial<JobSpec>,
  runtime: 'local' | 'podman' = 'podman',
  downloads = download('/images', 1e9),
) {
  mustPass(await checkJob(testJob(tmpdir(), 'done', more), runtime, [gpu], downloads, machine));
}

describe('before anything is downloaded', () => {
  it('passes what fits', async () => {
    await check({ needs: { diskBytes: 1e9, vramBytes: 8e9 }, limits: { shmBytes: 8e9, memoryBytes: 16e9 } });
    await check({ limits: { shmBytes: 1e9 } }, 'local');
  });

  it.each([
    [
      'free disk for the download',
      {},
      download('/images', 6e9),
      'ERR_JOB_DISK',
      /5\.0 GB free.*6\.0 GB.*the image/,
    ],
    [
      'free disk for the work',
      { needs: { diskBytes: 30e9 } },
      [],
      'ERR_JOB_DISK',
      /20 GB free.*30 GB.*writes/,
    ],
    [
      'both on one disk',
      { needs: { diskBytes: 15e9 } },
      download('/cache', 6e9),
      'ERR_JOB_DISK',
      /21 GB.*image and what/,
    ],
    [
      'memory of the GPU',
      { needs: { vramBytes: 9e9 } },
      [],
      'ERR_JOB_VRAM',
      /GPU 0 \(L4\) has 8\.0 GB of 24 GB free/,
    ],
    ['shared memory', { limits: { shmBytes: 17e9 } }, [], 'ERR_JOB_SHM', /17 GB of shared memory/],
    ['memory', { limits: { memoryBytes: 17e9 } }, [], 'ERR_JOB_MEMORY', /may use 17 GB/],
    [
      'a folder',
      { mounts: [{ name: 'a', host: '/nowhere' }] },
      [],
      'ERR_JOB_MOUNT',
      /\/nowhere is not there/,
    ],
  ] as const)('refuses without enough: %s', async (_name, more, downloads, code, message) => {
    await expect(check(more, 'podman', [...downloads])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('looks at /dev/shm for a job of this machine itself', async () => {
    await expect(check({ limits: { shmBytes: 2e9 } }, 'local')).rejects.toMatchObject({
      code: 'ERR_JOB_SHM',
    });
  });
});
