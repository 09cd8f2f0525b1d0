import { appendFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectBundle, loadBundle, writeBundle } from '../../src/bundle/index.ts';
import { files, manifest, temporaryFolder } from './sample.ts';

async function sample(): Promise<string> {
  const dir = join(await temporaryFolder(), 'bundle');
  await writeBundle({ dir, manifest, files });
  return dir;
}

test('what was written is loaded', async () => {
  const dir = await sample();
  const bundle = await loadBundle(dir);
  expect(bundle.manifest).toMatchObject({ name: 'sample', version: '1.2.3-rc.1+build.5', demo: false });
  expect(await readFile(bundle.pathOf(bundle.model()), 'utf8')).toBe('fp32 weights');
  expect(bundle.model('int8')).toMatchObject({ path: 'int8/model.onnx', bytes: 3 });
  expect(() => bundle.model('fp16')).toThrow(
    expect.objectContaining({
      code: 'ERR_BUNDLE_VARIANT',
      details: { precision: 'fp16', available: ['fp32', 'int8'] },
    }),
  );
});

test('files that are not listed are left alone, and the folder may be a link', async () => {
  const dir = await sample();
  await writeFile(join(dir, 'notes.txt'), 'mine');
  const link = `${dir}-link`;
  await symlink(dir, link);
  expect((await loadBundle(link)).manifest.name).toBe('sample');
});

describe('a bundle that is not whole is refused with the reason', () => {
  test.each<[string, (dir: string) => Promise<unknown>, string]>([
    ['a missing file', (dir) => rm(join(dir, 'model.onnx')), 'model.onnx is missing'],
    [
      'a file that grew',
      (dir) => appendFile(join(dir, 'model.onnx'), '!'),
      'model.onnx has 13 bytes, not the 12',
    ],
    ['a file that was cut', (dir) => truncate(join(dir, 'model.onnx'), 5), 'model.onnx has 5 bytes'],
    ['changed bytes', (dir) => writeFile(join(dir, 'model.onnx'), 'fp32 WEIGHTS'), 'model.onnx was changed'],
    ['a changed readme', (dir) => writeFile(join(dir, 'README.md'), '# Semple\n'), 'README.md was changed'],
    [
      'a folder in place of a file',
      async (dir) => {
        await rm(join(dir, 'README.md'));
        await mkdir(join(dir, 'README.md'));
      },
      'README.md is not a regular file',
    ],
    [
      'a file in place of a folder',
      async (dir) => {
        await rm(join(dir, 'int8'), { recursive: true });
        await writeFile(join(dir, 'int8'), '');
      },
      'int8/model.onnx is missing',
    ],
    [
      'a link out of the bundle, to the right contents',
      async (dir) => {
        await rename(join(dir, 'model.onnx'), `${dir}-outside.onnx`);
        await symlink(`${dir}-outside.onnx`, join(dir, 'model.onnx'));
      },
      'model.onnx is a link that leads out of the bundle',
    ],
    [
      'a folder that is a link out of the bundle',
      async (dir) => {
        await rename(join(dir, 'int8'), `${dir}-int8`);
        await symlink(`${dir}-int8`, join(dir, 'int8'));
      },
      'int8/model.onnx is a link that leads out of the bundle',
    ],
    [
      'a link to itself',
      async (dir) => {
        await rm(join(dir, 'model.onnx'));
        await symlink('model.onnx', join(dir, 'model.onnx'));
      },
      'model.onnx is a link to itself',
    ],
  ])('%s', async (_, damage, reason) => {
    const dir = await sample();
    await damage(dir);
    await expect(loadBundle(dir)).rejects.toMatchObject({
      code: 'ERR_BUNDLE_DAMAGED',
      message: expect.stringContaining(reason),
    });
    const { files: reports } = await inspectBundle(dir);
    expect(reports.filter((report) => !report.ok)).toHaveLength(1);
  });

  test('a link inside the bundle is fine', async () => {
    const dir = await sample();
    await rename(join(dir, 'model.onnx'), join(dir, 'blob'));
    await symlink('blob', join(dir, 'model.onnx'));
    expect((await loadBundle(dir)).manifest.name).toBe('sample');
  });

  test.each<[string, (dir: string) => Promise<unknown>, string]>([
    ['no folder', (dir) => rm(dir, { recursive: true }), 'ERR_BUNDLE_MISSING'],
    ['no manifest', (dir) => rm(join(dir, 'sv72.json')), 'ERR_BUNDLE_MISSING'],
    ['half a manifest', (dir) => truncate(join(dir, 'sv72.json'), 300), 'ERR_BUNDLE_INVALID'],
    ['an empty manifest', (dir) => truncate(join(dir, 'sv72.json'), 0), 'ERR_BUNDLE_INVALID'],
    ['a huge manifest', (dir) => truncate(join(dir, 'sv72.json'), 2 << 20), 'ERR_BUNDLE_INVALID'],
    ['a later format', (dir) => writeFile(join(dir, 'sv72.json'), '{"format":2}'), 'ERR_BUNDLE_FORMAT'],
  ])('%s', async (_, damage, code) => {
    const dir = await sample();
    await damage(dir);
    await expect(loadBundle(dir)).rejects.toMatchObject({ code });
  });
});
