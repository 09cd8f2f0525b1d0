import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blotches, folder } from '../sample.ts';
import { imported } from './support.ts';

const CATEGORIES = [
  { id: 1, name: 'Cone' },
  { id: 2, name: 'Police Vehicle' },
  { id: 3, name: 'Temporary Traffic Control Sign: left arrow' },
  { id: 4, name: 'car' },
];

async function coco(change: (file: Record<string, unknown>) => object = (file) => file): Promise<string> {
  const dir = await folder();
  const names = ['pgh01_0001.jpg', 'pgh01_0002.jpg', 'boston_a1_b2_7.jpg', 'other.jpg', 'lost.jpg'];
  await mkdir(join(dir, 'images'));
  await mkdir(join(dir, 'annotations'));
  for (const [seed, name] of names.slice(0, 4).entries()) {
    await writeFile(join(dir, 'images', name), await blotches(seed + 1, { width: 100, height: 80 }));
  }
  const file = {
    images: names.map((file_name, index) => ({ id: index + 1, file_name })),
    annotations: [
      { id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 10, 20], area: 150 },
      { id: 2, image_id: 1, category_id: 3, bbox: [50, 40, 20, 20], area: 400 },
      { id: 3, image_id: 2, category_id: 4, bbox: [0, 0, 9, 9] },
      { id: 4, image_id: 3, category_id: 2, bbox: [0, 0, 9, 9] },
    ],
    categories: CATEGORIES,
  };
  const path = join(dir, 'annotations', 'instances.json');
  await writeFile(path, JSON.stringify(change(file)));
  return path;
}

describe('boxes become labels', () => {
  test('works make a positive with points, the largest first; police alone decides nothing', async () => {
    const { entries, leftOut } = await imported([await coco()]);
    const positive = entries.find(({ label }) => label === 1);
    expect(positive).toMatchObject({
      group: 'sequence:pgh01',
      objects: [
        [60, 50],
        [15, 20],
      ],
    });
    const negatives = entries.filter(({ label }) => label === 0);
    expect(negatives.map(({ group }) => group)).toContain('sequence:pgh01');
    expect(negatives).toHaveLength(2);
    expect(negatives.every(({ objects }) => objects === undefined)).toBe(true);
    expect(leftOut).toEqual([
      {
        origin: 'instances.json/boston_a1_b2_7.jpg#3',
        reason: 'it shows police alone, which does not tell whether there are road works',
      },
      { origin: 'instances.json/lost.jpg#5', reason: 'its file is missing' },
    ]);
  });

  test('points shrink with the picture', async () => {
    const { entries } = await imported([await coco()], { shorterSide: 40 });
    expect(entries.find(({ label }) => label === 1)?.objects).toEqual([
      [30, 25],
      [7.5, 10],
    ]);
  });

  test('ids may be numbers here and text there; null stands for what is not known', async () => {
    const annotations = [
      { image_id: '1', category_id: '1', bbox: null, area: null },
      { image_id: '2', category_id: '1', bbox: [10, 10, 20, 20], area: null },
    ];
    const { entries } = await imported([await coco((file) => ({ ...file, annotations }))]);
    expect(entries.filter(({ label }) => label === 1).map(({ objects }) => objects?.length)).toEqual(
      expect.arrayContaining([0, 1]),
    );
  });

  test('objects that are in none of the pictures do not make negatives of all', async () => {
    const annotations = [{ image_id: 99, category_id: 1, bbox: [1, 1, 2, 2] }];
    await expect(imported([await coco((file) => ({ ...file, annotations }))])).rejects.toMatchObject({
      code: 'ERR_DATA_INPUT',
    });
  });

  test('the licence that a picture names goes before that of the whole', async () => {
    const path = await coco((file) => ({
      ...file,
      licenses: [{ id: 1, name: 'CC-BY-NC-4.0' }],
      images: [
        { id: 1, file_name: 'pgh01_0001.jpg', license: '1' },
        { id: 2, file_name: 'other.jpg', license: null },
      ],
    }));
    const { entries } = await imported([path]);
    expect(entries.map(({ licence }) => licence).sort()).toEqual(['CC-BY-NC-4.0', 'CC0-1.0']);
  });

  test('one picture listed twice with two answers is left out', async () => {
    const path = await coco((file) => ({
      ...file,
      images: [
        { id: 1, file_name: 'pgh01_0001.jpg' },
        { id: 2, file_name: 'pgh01_0001.jpg' },
        { id: 4, file_name: 'other.jpg' },
      ],
    }));
    const { entries, leftOut } = await imported([path]);
    expect(entries).toHaveLength(1);
    expect(leftOut).toHaveLength(2);
  });

  test('other classes are named', async () => {
    const { entries } = await imported([await coco()], { positive: ['Car'] });
    expect(entries.filter(({ label }) => label === 1)).toHaveLength(1);
    const none = imported([await coco((file) => ({ ...file, categories: [{ id: 4, name: 'car' }] }))]);
    await expect(none).rejects.toMatchObject({
      code: 'ERR_DATA_INPUT',
      next: 'Name those that do with --positive.',
      details: { classes: ['car'] },
    });
  });
});

test('what is no COCO file, or lies apart from its pictures, is refused', async () => {
  const refused = async (path: string) => {
    await expect(imported([path])).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
  };
  await refused(await coco(({ images }) => ({ images })));
  await refused(await coco((file) => ({ ...file, images: [{ id: 1, file_name: 'nowhere.jpg' }] })));
  const cut = join(await folder(), 'x.json');
  await writeFile(cut, '{"images": [');
  await refused(cut);
});
