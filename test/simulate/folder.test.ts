import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeJpeg, loadImageFolder, readImage } from '../../src/simulate/index.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sv72-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), content);
}

describe('image folders', () => {
  it('take labels from the names of sub-folders, whatever their case and depth', async () => {
    for (const path of ['Roadwork/a.JPG', 'roadwork/deep/b.png', 'none/c.jpeg', '0/d.webp', '1/e.jpg'])
      await put(path, 'x');
    await put('none/notes.txt', 'x');
    await put('other/f.jpg', 'x');
    await put('g.jpg', 'x');
    const found = (await loadImageFolder(root)).map(({ path, label }) => [
      path.slice(root.length + 1),
      label,
    ]);
    expect(found).toEqual([
      ['0/d.webp', 0],
      ['1/e.jpg', 1],
      ['Roadwork/a.JPG', 1],
      ['none/c.jpeg', 0],
      ['roadwork/deep/b.png', 1],
    ]);
  });

  it('refuse a folder without labelled images, and one that is not there', async () => {
    await put('pictures/a.jpg', 'x');
    await expect(loadImageFolder(root)).rejects.toMatchObject({ code: 'ERR_IMAGE_FOLDER' });
    await expect(loadImageFolder(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'ERR_FILE_READ' });
  });

  it('read images as pixels, and say which file is none', async () => {
    const image = { width: 20, height: 10, data: new Uint8Array(600).fill(120) };
    await put('1/a.jpg', await encodeJpeg(image));
    await put('1/b.jpg', '<html>');
    expect(await readImage(join(root, '1/a.jpg'))).toMatchObject({ width: 20, height: 10 });
    await expect(readImage(join(root, '1/b.jpg'))).rejects.toMatchObject({
      code: 'ERR_IMAGE_READ',
      message: expect.stringContaining('b.jpg'),
    });
    await expect(readImage(join(root, '1/c.jpg'))).rejects.toMatchObject({ code: 'ERR_FILE_READ' });
  });
});
