import { describe, expect, it } from 'vitest';
import { foldersOf, type ListedJob } from '../../src/jobs/index.ts';
import { withFlags } from '../../src/jobs-ui/apply.ts';
import type { JobFlags } from '../../src/jobs-ui/flags.ts';
import { decide, earlierJob } from '../../src/jobs-ui/running.ts';
import { jobTable } from '../../src/jobs-ui/table.ts';
import { bytesOf, cpusOf, gpusOf } from '../../src/jobs-ui/values.ts';
import { Ask } from '../../src/ui/index.ts';
import { testJob } from '../jobs/engines/job.ts';

const none: JobFlags = { runtime: 'auto', 'dry-run': false };

function listed(more: Partial<ListedJob>): ListedJob {
  return {
    id: 'test-1',
    kind: 'test',
    title: 'a job',
    runtime: 'local',
    status: 'running',
    shown: true,
    startedAt: 0,
    endedAt: null,
    exitCode: null,
    progress: null,
    command: [],
    writes: ['/work/a'],
    logFile: '/log',
    ...more,
  };
}

describe('values of flags', () => {
  it.each([
    ['8G', 8 * 2 ** 30],
    ['512MiB', 512 * 2 ** 20],
    ['1.5gb', 1.5 * 2 ** 30],
    ['2097152', 2 ** 21],
  ])('%s is %d bytes', (text, bytes) => expect(bytesOf(text)).toBe(bytes));

  it.each(['', '8X', '-1G', 'G', '0', '1K', '1e9'])('%j is no amount of memory', (text) =>
    expect(() => bytesOf(text)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' })),
  );

  it('GPUs are all, none or numbers', () => {
    expect(gpusOf('all')).toBe('all');
    expect(gpusOf('1,0,1')).toEqual([1, 0]);
    for (const text of ['', 'some', '0-3', '-1', '0,']) expect(() => gpusOf(text)).toThrow(/GPUs are/);
  });

  it('processors are above nothing', () => {
    expect(cpusOf('1.5')).toBe(1.5);
    for (const text of ['0', '-1', 'x', '']) expect(() => cpusOf(text)).toThrow(/Processors/);
  });
});

describe('a job as the flags change it', () => {
  it('stays as it is without any', () => {
    const spec = testJob('/work/a', 'done');
    expect(withFlags(spec, none)).toEqual(spec);
  });

  it('takes image, GPUs, limits and network', () => {
    const spec = testJob('/work/a', 'done', { image: { kind: 'build' } });
    const flags: JobFlags = {
      ...none,
      'base-image': 'b',
      gpus: [1],
      memory: 3,
      'shm-size': 4,
      cpus: 2,
      'container-network': 'host',
    };
    expect(withFlags(spec, flags)).toMatchObject({
      image: { kind: 'build', base: 'b' },
      gpus: [1],
      limits: { memoryBytes: 3, shmBytes: 4, cpus: 2 },
      network: 'host',
    });
    expect(withFlags(spec, { ...none, image: 'i' }).image).toEqual({ kind: 'named', name: 'i' });
  });
});

describe('a job that already runs', () => {
  const spec = testJob('/work/a', 'done');
  const quiet = new Ask({ interactive: false, yes: false });

  it('is none that only shares a cache', () => {
    const spec = testJob('/work/b', 'done', {
      mounts: [
        { name: 'work', host: '/work/b' },
        { name: 'cache', host: '/cache', shared: true },
      ],
    });
    expect(foldersOf(spec)).toEqual(['/work/b']);
    expect(earlierJob(spec, [listed({ writes: ['/work/a'] })])).toBeUndefined();
  });

  it('is one that writes to the same folder, or one that nobody looks at', () => {
    const same = listed({ id: 'same' });
    const left = listed({ id: 'left', writes: ['/work/b'], shown: false });
    const other = listed({ id: 'other', writes: ['/work/b'] });
    const ended = listed({ id: 'ended', status: 'done' });
    expect(earlierJob(spec, [left, same])?.id).toBe('same');
    expect(earlierJob(spec, [other, left])?.id).toBe('left');
    expect(earlierJob(spec, [other, ended, listed({ kind: 'else' })])).toBeUndefined();
  });

  it('is refused without a terminal when both write to the same folder', async () => {
    await expect(decide(spec, [listed({})], undefined, quiet)).rejects.toMatchObject({
      code: 'ERR_JOB_RUNNING',
    });
    await expect(decide(spec, [listed({})], 'refuse', quiet)).rejects.toMatchObject({
      code: 'ERR_JOB_RUNNING',
    });
    expect(await decide(spec, [listed({})], 'attach', quiet)).toMatchObject({ what: 'attach' });
    expect(await decide(spec, [listed({ writes: [], shown: false })], undefined, quiet)).toMatchObject({
      what: 'beside',
    });
    expect(await decide(spec, [], undefined, quiet)).toBeUndefined();
  });
});

it('the table says what runs and how far', () => {
  expect(jobTable([listed({ status: 'unwatched', shown: false })], 65_000)).toEqual([
    'test-1  local   unwatched  1 min',
    '  a job',
  ]);
});
