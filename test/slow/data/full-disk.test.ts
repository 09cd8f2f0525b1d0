import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { importDataset, openReview, pullDataset } from '../../../src/data/index.ts';
import { blotches } from '../../data/sample.ts';
import { startHubWith } from '../../support/hub/index.ts';

const MADE = { by: 'sv72 test', command: null };

const root = mkdtempSync(join(tmpdir(), 'sv72-full-'));
const photos = join(root, 'photos');
const parquet = readFileSync(join(import.meta.dirname, '..', '..', 'data', 'fixtures', 'natix-like.parquet'));

/** Why there can be no small disk here: mounting is for root. */
function whyNoMount(): string | undefined {
  const at = join(root, 'try');
  mkdirSync(at);
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at], {
    encoding: 'utf8',
  });
  if (status !== 0) return error?.message ?? stderr.trim();
  execFileSync('umount', [at], { stdio: 'ignore' });
  return undefined;
}

const whyNot = whyNoMount();
if (whyNot !== undefined) {
  console.error(
    `no file system can be mounted on this machine; the tests of a full disk are LEFT OUT: ${whyNot}`,
  );
}

/** A file system of so many kilobytes, gone with the test. */
function smallDisk(kilobytes: number): { path: string; grow: () => void } {
  const path = mkdtempSync(join(root, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path]);
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return { path, grow: () => execFileSync('mount', ['-o', 'remount,size=64m', path]) };
}

beforeAll(async () => {
  for (const [label, first] of [
    ['roadwork', 0],
    ['none', 100],
  ] as const) {
    mkdirSync(join(photos, label), { recursive: true });
    for (let seed = 0; seed < 20; seed++) {
      const bytes = await blotches(first + seed, { width: 400, height: 300, format: 'png' });
      writeFileSync(join(photos, label, `${seed}.png`), bytes);
    }
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a disk that fills up', () => {
  beforeEach(({ skip }) => skip(whyNot !== undefined, `nothing can be mounted here: ${whyNot}`));

  test('an import says so, leaves nothing half-made, and goes on when there is room', async () => {
    const disk = smallDisk(2_000);
    const options = { inputs: [photos], dir: join(disk.path, 'set'), made: MADE, licence: 'CC0-1.0' };
    await expect(importDataset(options)).rejects.toMatchObject({
      code: 'ERR_DISK_FULL',
      message: `The disk is full, so the dataset ${options.dir} could not be finished.`,
      next: 'Free some space and run the same command again: it continues where it stopped.',
    });
    expect(existsSync(options.dir)).toBe(false);
    const journal = readFileSync(join(disk.path, '.set.making', 'journal.jsonl'), 'utf8');
    const before = journal.trim().split('\n').length;
    expect(before).toBeGreaterThan(3);
    disk.grow();
    const seen: number[] = [];
    const { dataset } = await importDataset({ ...options, onProgress: ({ done }) => seen.push(done) });
    expect(seen[0]).toBeGreaterThanOrEqual(before - 1);
    const whole = await importDataset({ ...options, dir: join(root, 'whole') });
    expect(dataset.fingerprint).toBe(whole.dataset.fingerprint);
  });

  test('a download says so, and goes on by the byte when there is room', async () => {
    const disk = smallDisk(12);
    const hub = await startHubWith({
      'a/b': { files: { 'data/train.parquet': parquet }, card: { license: 'cc0-1.0' } },
    });
    onTestFinished(() => hub.close());
    const options = {
      source: 'a/b',
      dir: join(root, 'pulled'),
      downloads: disk.path,
      made: MADE,
      limit: 100,
      hub: { endpoint: hub.url, token: async () => undefined },
    };
    await expect(pullDataset(options)).rejects.toMatchObject({ code: 'ERR_DISK_FULL' });
    disk.grow();
    const { dataset } = await pullDataset(options);
    expect(dataset.manifest.counts.pictures).toBe(10);
    const ranges = hub.seen.flatMap(({ step, range }) => (step === 'download' ? [range] : []));
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test('too little room is seen before the first byte', async () => {
    const disk = smallDisk(8);
    const hub = await startHubWith({
      'a/b': { files: { 'data/train.parquet': parquet }, card: { license: 'cc0-1.0' } },
    });
    onTestFinished(() => hub.close());
    const places = { dir: join(disk.path, 'set'), downloads: join(disk.path, 'downloads') };
    const access = { endpoint: hub.url, token: async () => undefined };
    await expect(pullDataset({ source: 'a/b', ...places, made: MADE, hub: access })).rejects.toMatchObject({
      code: 'ERR_DISK_FULL',
      next: expect.stringContaining('--limit'),
    });
    expect(hub.seen.some(({ step }) => step === 'resolve')).toBe(false);
  });

  test('an answer of a review that cannot be kept is not counted', async () => {
    const disk = smallDisk(16);
    const review = await openReview(join(disk.path, 'hard.review'));
    writeFileSync(join(disk.path, 'fill'), Buffer.alloc(4_096));
    const { createHash } = await import('node:crypto');
    const bytes = await blotches(1, { width: 400, height: 300, format: 'png' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const candidate = { sha256, lowest: 0.5, highest: 0.5, mean: 0.5, answers: 1, models: [] };
    await expect(review.answer(candidate, 'yes', bytes)).rejects.toMatchObject({ code: 'ERR_DISK_FULL' });
    expect(review.verdicts.size).toBe(0);
    disk.grow();
    await review.answer(candidate, 'yes', bytes);
    expect(review.verdicts.get(sha256)?.verdict).toBe('yes');
    await review.close();
  });
});
