import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blotches, folder } from '../sample.ts';
import { imported } from './support.ts';

async function photos(labels: string[] = ['roadwork', 'none'], first = 0): Promise<string> {
  const root = join(await folder(), 'photos');
  let seed = first;
  for (const label of labels) {
    for (const drive of ['one', 'two']) {
      await mkdir(join(root, label, drive), { recursive: true });
      for (const name of ['a.jpg', 'b.jpg'])
        await writeFile(join(root, label, drive, name), await blotches(++seed));
    }
  }
  await writeFile(join(root, 'notes.txt'), 'nothing');
  return root;
}

describe('a folder of images', () => {
  test('is labelled by its sub-folders', async () => {
    const { entries, dataset } = await imported([await photos()]);
    expect(entries.map(({ label }) => label).sort()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(dataset.manifest.sources).toEqual([
      expect.objectContaining({ id: 'photos', licence: 'CC0-1.0', url: null }),
    ]);
  });

  test('a sub-folder that stands for neither class is listed', async () => {
    const { entries, leftOut } = await imported([await photos(['roadwork', 'none', 'cones'])]);
    expect(entries).toHaveLength(8);
    expect(leftOut).toEqual([
      {
        origin: 'photos/cones/',
        reason: 'its name stands for neither class (see --positive and --negative)',
      },
    ]);
  });

  test('other names for the classes, and folders that stay together', async () => {
    const words = { positive: ['Baustelle'], negative: ['frei'], groupByFolder: true };
    const { entries } = await imported([await photos(['baustelle', 'frei'])], words);
    expect(new Set(entries.map(({ group }) => group))).toEqual(
      new Set(['baustelle/one', 'baustelle/two', 'frei/one', 'frei/two'].map((f) => `folder:photos/${f}`)),
    );
  });

  test('without classes, or of another kind, it is refused', async () => {
    await expect(imported([await photos(['x'])])).rejects.toMatchObject({ code: 'ERR_IMAGE_FOLDER' });
    const path = join(await folder(), 'x.zip');
    await writeFile(path, 'zip');
    await expect(imported([path])).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
    await expect(imported([join(path, 'gone')])).rejects.toMatchObject({ code: 'ERR_FILE_READ' });
  });
});

describe('licences', () => {
  test('an unknown one is refused unless somebody takes it upon themselves', async () => {
    const root = await photos();
    for (const licence of ['', 'unknown', ' Unknown ']) {
      await expect(imported([root], { licence })).rejects.toMatchObject({ code: 'ERR_DATA_LICENCE' });
    }
    const { entries } = await imported([root], { licence: '', acceptUnknownLicence: true });
    expect(entries[0]?.licence).toBe('unknown');
  });
});

describe('several inputs', () => {
  test('become one set; datasets bring their sources along', async () => {
    const one = await imported([await photos()], { licence: 'CC-BY-4.0', attribution: 'Ann' });
    const both = await imported([one.dataset.dir, await photos(undefined, 100)]);
    expect(both.entries).toHaveLength(16);
    expect(both.dataset.manifest.sources).toEqual([
      expect.objectContaining({ id: 'photos', licence: 'CC-BY-4.0', attribution: 'Ann' }),
      expect.objectContaining({ id: 'photos-2', licence: 'CC0-1.0' }),
    ]);
    expect(both.entries.filter(({ source }) => source === 'photos-2')).toHaveLength(8);
  });

  test('the same pictures from two places are kept once', async () => {
    const { dataset } = await imported([await photos()]);
    const again = await imported([dataset.dir, dataset.dir]);
    expect(again.entries).toHaveLength(8);
    expect(again.duplicates).toBe(8);
  });
});
