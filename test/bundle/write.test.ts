import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBundle, writeBundle } from '../../src/bundle/index.ts';
import { files, manifest, temporaryFolder } from './sample.ts';

test('copies files, hashes them and leaves nothing else behind', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'trained.onnx');
  await writeFile(source, 'trained');
  const bundle = await writeBundle({
    dir: join(folder, 'new', 'bundle'),
    manifest,
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: source } }],
  });
  expect(bundle.model()).toMatchObject({
    bytes: 7,
    sha256: '33fbcd8470eae125a265eb3f4375137f38ea4dc42f75ac09594bfe1a1c951af6',
  });
  expect(await readdir(join(folder, 'new'))).toEqual(['bundle']);
});

describe('what is there', () => {
  test('is not overwritten unless asked', async () => {
    const dir = join(await temporaryFolder(), 'bundle');
    await mkdir(dir);
    await writeFile(join(dir, 'precious'), '1');
    await expect(writeBundle({ dir, manifest, files })).rejects.toMatchObject({ code: 'ERR_BUNDLE_EXISTS' });
    expect(await readdir(dir)).toEqual(['precious']);
  });

  test('is replaced as a whole', async () => {
    const dir = join(await temporaryFolder(), 'bundle');
    await writeBundle({ dir, manifest, files });
    await writeBundle({
      dir,
      manifest: { ...manifest, version: '2.0.0' },
      files: files.slice(0, 1),
      replace: true,
    });
    expect((await loadBundle(dir)).manifest.version).toBe('2.0.0');
    expect((await readdir(dir)).sort()).toEqual(['model.onnx', 'sv72.json']);
    expect(await readdir(dirname(dir))).toEqual(['bundle']);
  });

  test.each<[string, Partial<Parameters<typeof writeBundle>[0]>, string]>([
    ['a bad manifest', { manifest: { ...manifest, version: 'one' } }, 'ERR_BUNDLE_INVALID'],
    [
      'a path that leads out',
      { files: [{ path: '../out', role: 'other', content: '' }] },
      'ERR_BUNDLE_INVALID',
    ],
    [
      'the manifest among the files',
      { files: [{ path: 'sv72.json', role: 'other', content: '' }] },
      'ERR_BUNDLE_INVALID',
    ],
    ['no model', { files: files.slice(2) }, 'ERR_BUNDLE_INVALID'],
    [
      'a source that is not there',
      { files: [{ path: 'a', role: 'other', content: { copyFrom: '/nowhere/a' } }] },
      'ERR_FILE_WRITE',
    ],
    ['the same path twice', { files: [...files, ...files] }, 'ERR_FILE_WRITE'],
  ])('stays when writing fails: %s', async (_, change, code) => {
    const dir = join(await temporaryFolder(), 'bundle');
    await writeBundle({ dir, manifest, files });
    const before = await readFile(join(dir, 'sv72.json'), 'utf8');
    await expect(writeBundle({ dir, manifest, files, replace: true, ...change })).rejects.toMatchObject({
      code,
    });
    expect(await readFile(join(dir, 'sv72.json'), 'utf8')).toBe(before);
    expect(await readdir(dirname(dir))).toEqual(['bundle']);
    await loadBundle(dir);
  });
});
