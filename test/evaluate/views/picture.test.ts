import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawPictures, picturesOfFolder } from '../../../src/evaluate/views/picture.ts';
import { photo, photoFolder } from '../photos.ts';

describe('the pictures of a folder', () => {
  it('have the label of their sub-folder and the hash of their file', async () => {
    const folder = await photoFolder({ roadwork: [200, 220], none: [20] });
    const pictures = await picturesOfFolder(folder);
    expect(pictures.map(({ name, label }) => [name, label])).toEqual([
      [join('none', '20.png'), 0],
      [join('roadwork', '200.png'), 1],
      [join('roadwork', '220.png'), 1],
    ]);
    expect(pictures[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from((await pictures[0]?.read()) ?? []).equals(await photo(20))).toBe(true);
  });

  it('that lie there twice count once', async () => {
    const folder = await photoFolder({ roadwork: [200], none: [20] });
    await copyFile(join(folder, 'none', '20.png'), join(folder, 'none', 'again.png'));
    expect(await picturesOfFolder(folder)).toHaveLength(2);
  });

  it('with two labels are refused', async () => {
    const folder = await photoFolder({ roadwork: [200], none: [20] });
    await copyFile(join(folder, 'none', '20.png'), join(folder, 'roadwork', 'also.png'));
    await expect(picturesOfFolder(folder)).rejects.toMatchObject({
      code: 'ERR_LABELS_CONFLICT',
      details: { files: [join('none', '20.png'), join('roadwork', 'also.png')] },
    });
  });

  it('need not be readable yet: what is no picture is found out when its views are made', async () => {
    const folder = await photoFolder({ roadwork: [200], none: [20] });
    await writeFile(join(folder, 'none', 'broken.jpg'), 'no picture');
    expect(await picturesOfFolder(folder)).toHaveLength(3);
  });
});

describe('drawing some of the pictures', () => {
  const names = (pictures: readonly { name: string }[]): string[] => pictures.map(({ name }) => name);

  it('takes both classes alike, as far as there are enough', async () => {
    const folder = await photoFolder({
      roadwork: [200, 205, 210, 215, 220, 225],
      none: [20, 30],
    });
    const all = await picturesOfFolder(folder);
    const count = (most: number, label: 0 | 1): number =>
      drawPictures(all, most, 1).filter((picture) => picture.label === label).length;
    expect([count(4, 0), count(4, 1)]).toEqual([2, 2]);
    expect([count(3, 0), count(3, 1)]).toEqual([1, 2]);
    expect([count(6, 0), count(6, 1)]).toEqual([2, 4]);
    expect([count(100, 0), count(100, 1)]).toEqual([2, 6]);
    expect(names(drawPictures(all, 4, 1))).toEqual(names(drawPictures(all, 4, 1)));
    const drawn = Array.from({ length: 8 }, (_, seed) => names(drawPictures(all, 4, seed)).join());
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });
});
