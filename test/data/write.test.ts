import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDataset, type WriteDatasetOptions, writeDataset } from '../../src/data/index.ts';
import { all, blotches, folder, MADE, newPicture, SOURCE } from './sample.ts';

async function options(more: Partial<WriteDatasetOptions> = {}): Promise<WriteDatasetOptions> {
  return {
    dir: join(await folder(), 'set'),
    made: MADE,
    sources: [SOURCE],
    pictures: Array.from({ length: 20 }, (_, seed) => newPicture(seed)),
    ...more,
  };
}

describe('what is written can be read', () => {
  test('manifest, entries and bytes agree', async () => {
    const given = await options({ split: { seed: 7 }, now: () => new Date(0) });
    const { dataset, leftOut, duplicates } = await writeDataset(given);
    expect({ leftOut, duplicates }).toEqual({ leftOut: [], duplicates: 0 });
    expect(dataset.manifest).toMatchObject({
      format: 1,
      name: 'set',
      made: { ...MADE, at: '1970-01-01T00:00:00.000Z' },
      sources: [SOURCE],
      split: { seed: 7, shares: { train: 0.8, validation: 0.1, test: 0.1 } },
      counts: {
        pictures: 20,
        leftOut: 0,
        train: { none: 8, roadwork: 8 },
        validation: { none: 1, roadwork: 1 },
        test: { none: 1, roadwork: 1 },
      },
    });
    const entries = await all(dataset.entries());
    expect(entries).toHaveLength(20);
    const first = await blotches(0);
    const sha256 = createHash('sha256').update(first).digest('hex');
    const entry = entries.find((candidate) => candidate.sha256 === sha256);
    expect(entry && Buffer.compare(await dataset.read(entry), first)).toBe(0);
    expect(await all(dataset.entries({ split: ['validation', 'test'], label: 1 }))).toHaveLength(2);
  });

  test('the same pictures in another order have the same fingerprint; a label changes it', async () => {
    const pictures = Array.from({ length: 12 }, (_, seed) => newPicture(seed));
    const print = async (more: Partial<WriteDatasetOptions>) =>
      (await writeDataset(await options(more))).dataset.fingerprint;
    const one = await print({ pictures });
    expect(await print({ pictures: pictures.toReversed() })).toBe(one);
    expect(await print({ pictures: [newPicture(0, { label: 1 }), ...pictures.slice(1)] })).not.toBe(one);
  });

  test('formats that a trainer may not read become PNG, others stay as they are', async () => {
    const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff'] as const;
    const pictures = formats.map((format, seed) =>
      newPicture(seed, { load: () => blotches(seed, { format }), tags: [format] }),
    );
    const { dataset } = await writeDataset(await options({ pictures }));
    const kept = Object.fromEntries((await all(dataset.entries())).map((e) => [e.tags[0], e.format]));
    expect(kept).toEqual({ jpeg: 'jpeg', png: 'png', webp: 'webp', gif: 'png', tiff: 'png' });
  });

  test('a picture is shrunk on demand, and its points with it', async () => {
    const pictures = [
      newPicture(1, { load: () => blotches(1, { width: 400, height: 200 }), objects: [[100, 50]] }),
      newPicture(2, { load: () => blotches(2, { width: 90, height: 80 }), objects: [[10, 20]] }),
    ];
    const { dataset } = await writeDataset(await options({ pictures, shorterSide: 100 }));
    const sizes = (await all(dataset.entries())).map(({ width, height, objects }) => [
      width,
      height,
      objects?.[0],
    ]);
    expect(sizes).toContainEqual([200, 100, [50, 25]]);
    expect(sizes).toContainEqual([90, 80, [10, 20]]);
  });
});

describe('what cannot be taken is listed with its reason', () => {
  test('cut off, no picture at all, damaged in the middle', async () => {
    const good = await blotches(3, { width: 640, height: 480 });
    const damaged = Buffer.from(good);
    damaged.fill(0xff, 800, 860);
    const pictures = [
      newPicture(0),
      newPicture(1),
      newPicture(2, { origin: 'cut', load: async () => good.subarray(0, good.length / 2) }),
      newPicture(3, { origin: 'text', load: async () => Buffer.from('no picture') }),
      newPicture(4, { origin: 'damaged', load: async () => damaged }),
      { origin: 'row 7', reason: 'its label is 3' },
    ];
    const { dataset, leftOut } = await writeDataset(await options({ pictures }));
    expect(leftOut.map(({ origin }) => origin)).toEqual(['cut', 'damaged', 'row 7', 'text']);
    for (const { reason } of leftOut) expect(reason).toMatch(/^\S.{5,}$/);
    expect(dataset.manifest.counts).toMatchObject({ pictures: 2, leftOut: 4 });
    const list = await readFile(join(dataset.dir, 'left-out.jsonl'), 'utf8');
    expect(
      list
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(leftOut);
  });

  test('the same bytes twice are kept once; with both labels not at all', async () => {
    const twice = newPicture(1, { origin: 'copy' });
    const other = newPicture(2, { origin: 'other label', label: 1 });
    const pictures = [newPicture(1), newPicture(2), newPicture(3), twice, other];
    const { dataset, leftOut, duplicates } = await writeDataset(await options({ pictures }));
    expect(duplicates).toBe(1);
    expect(dataset.manifest.counts.pictures).toBe(2);
    expect(leftOut.map(({ origin }) => origin)).toEqual(['blotches 2', 'other label']);
    const kept = await all(dataset.entries());
    for (const entry of kept) expect(existsSync(join(dataset.dir, entry.path))).toBe(true);
  });

  test('nothing usable is an error, and nothing is written', async () => {
    const pictures = [newPicture(1, { load: async () => Buffer.from('x') })];
    const given = await options({ pictures });
    await expect(writeDataset(given)).rejects.toMatchObject({
      code: 'ERR_DATASET_EMPTY',
      message: expect.stringMatching(/^No picture could be taken: blotches 1: .+\.$/),
    });
    expect(existsSync(given.dir)).toBe(false);
    await expect(writeDataset({ ...given, pictures: [] })).rejects.toMatchObject({
      message: 'No picture could be taken: there was none.',
    });
  });
});

describe('the target', () => {
  test('what is there is not touched unless asked', async () => {
    const given = await options();
    const { dataset } = await writeDataset(given);
    await expect(writeDataset(given)).rejects.toMatchObject({ code: 'ERR_DATASET_EXISTS' });
    const pictures = [newPicture(30), newPicture(31)];
    const again = await writeDataset({ ...given, pictures, replace: true });
    expect(again.dataset.manifest.counts.pictures).toBe(2);
    expect(again.dataset.dir).toBe(dataset.dir);
  });

  test('what is no dataset is never replaced', async () => {
    const given = await options();
    await mkdir(given.dir);
    await writeFile(join(given.dir, 'holiday.jpg'), 'mine');
    await expect(writeDataset({ ...given, replace: true })).rejects.toMatchObject({
      code: 'ERR_DATASET_EXISTS',
      message: `${given.dir} is no dataset, so it is not replaced.`,
    });
    expect(await readFile(join(given.dir, 'holiday.jpg'), 'utf8')).toBe('mine');
    await rm(join(given.dir, 'holiday.jpg'));
    const { dataset } = await writeDataset(given);
    await writeFile(join(dataset.dir, 'notes.txt'), 'mine');
    await expect(writeDataset({ ...given, replace: true })).rejects.toMatchObject({
      message: `${given.dir} holds notes.txt, which belongs to no dataset, so it is not replaced.`,
    });
  });

  test('a name is looked at before anything is done, and made of the folder’s where none is given', async () => {
    const load = () => Promise.reject(new Error('it is too late'));
    await expect(
      writeDataset(await options({ name: 'a b', pictures: [newPicture(1, { load })] })),
    ).rejects.toMatchObject({ code: 'ERR_USAGE' });
    const given = await options();
    const { dataset } = await writeDataset({ ...given, dir: join(given.dir, '..', 'Große Straße') });
    expect(dataset.manifest.name).toBe('Gro-e-Stra-e');
  });

  test('points outside the picture are left out', async () => {
    const objects = [
      [-1, 5],
      [10, 10],
      [64, 10],
      [1e9, 1],
    ] as const;
    const { dataset } = await writeDataset(await options({ pictures: [newPicture(1, { objects })] }));
    expect((await all(dataset.entries()))[0]?.objects).toEqual([[10, 10]]);
  });

  test('a run that failed half-way is continued: nothing is decoded twice', async () => {
    const given = await options();
    const loaded: number[] = [];
    const pictures = (failAt: number) =>
      Array.from({ length: 20 }, (_, seed) =>
        newPicture(seed, {
          load: async () => {
            if (seed === failAt)
              throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
            loaded.push(seed);
            return await blotches(seed);
          },
        }),
      );
    const failed = writeDataset({ ...given, pictures: pictures(11), concurrency: 1 });
    await expect(failed).rejects.toMatchObject({ code: 'ERR_DISK_FULL' });
    expect(existsSync(given.dir)).toBe(false);
    expect(loaded).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const journal = join(given.dir, '..', '.set.making', 'journal.jsonl');
    const { length } = await readFile(journal);
    await truncate(journal, length - 5);

    const { dataset } = await writeDataset({ ...given, pictures: pictures(-1), concurrency: 1 });
    expect(loaded.slice(11)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(dataset.fingerprint).toBe((await writeDataset(await options())).dataset.fingerprint);
  });

  test('what another command left half-way is not mixed in', async () => {
    const given = await options();
    const broken = [newPicture(1), newPicture(2, { load: () => Promise.reject(new Error('gone')) })];
    await expect(writeDataset({ ...given, pictures: broken })).rejects.toThrow();
    const pictures = [newPicture(5), newPicture(6)];
    const { dataset } = await writeDataset({ ...given, state: 'other', pictures });
    expect(dataset.manifest.counts.pictures).toBe(2);
  });

  test('an interruption says so and keeps what was done', async () => {
    const given = await options();
    const controller = new AbortController();
    const stopped = writeDataset({
      ...given,
      signal: controller.signal,
      onProgress: ({ done }) => done === 5 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    const { dataset } = await writeDataset(given);
    expect(dataset.manifest.counts.pictures).toBe(20);
  });

  test('two writers at a time are refused', async () => {
    const given = await options();
    let second: unknown;
    const load = async () => {
      second = await writeDataset(given).catch((error: unknown) => error);
      return await blotches(1);
    };
    await writeDataset({ ...given, pictures: [newPicture(1, { load })] });
    expect(second).toMatchObject({ code: 'ERR_DATASET_BUSY' });
  });
});

describe('opening', () => {
  test('no dataset, another format, changed files: one sentence each', async () => {
    const { dataset } = await writeDataset(await options());
    const { dir } = dataset;
    const manifest = JSON.parse(await readFile(join(dir, 'dataset.json'), 'utf8'));
    const open = (text: string) => writeFile(join(dir, 'dataset.json'), text).then(() => openDataset(dir));
    await expect(openDataset(join(dir, 'pictures'))).rejects.toMatchObject({ code: 'ERR_DATASET_MISSING' });
    await expect(open(JSON.stringify({ ...manifest, format: 2 }))).rejects.toMatchObject({
      code: 'ERR_DATASET_FORMAT',
      message: expect.stringMatching(/has format 2; this version of sv72 knows format 1\.$/),
    });
    await expect(open('{')).rejects.toMatchObject({ code: 'ERR_DATASET_DAMAGED' });
    await expect(open(JSON.stringify({ ...manifest, counts: {} }))).rejects.toMatchObject({
      code: 'ERR_DATASET_DAMAGED',
      message: expect.stringContaining('counts.pictures'),
    });
    const opened = await open(JSON.stringify(manifest));
    const [entry] = await all(opened.entries());
    if (entry === undefined) throw new Error('no entry');
    await writeFile(join(dir, entry.path), 'other');
    await expect(opened.read(entry)).rejects.toMatchObject({ code: 'ERR_DATASET_DAMAGED' });
    await truncate(join(dir, 'entries.jsonl'), 100);
    await expect(openDataset(dir)).rejects.toMatchObject({ code: 'ERR_DATASET_DAMAGED' });
  });
});
