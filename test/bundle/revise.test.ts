import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Revision, reviseBundle, writeBundle } from '../../src/bundle/index.ts';
import { files, manifest, temporaryFolder } from './sample.ts';
import { variant } from './variants.ts';

async function sample(): Promise<{ dir: string; revision: Revision }> {
  const folder = await temporaryFolder();
  const dir = join(folder, 'bundle');
  const { manifest: written } = await writeBundle({ dir, manifest, files: files.slice(0, 1) });
  await writeFile(join(folder, 'made.onnx'), 'int8 weights');
  await writeFile(join(dir, 'notes.txt'), 'mine');
  const sha256 = written.files[0]?.sha256 ?? '';
  const record = variant('int8-static', { from: { path: 'model.onnx', sha256 } });
  return {
    dir,
    revision: {
      dir,
      add: [{ path: record.path, role: 'model', precision: 'int8', copyFrom: join(folder, 'made.onnx') }],
      change: (before, added) => ({ ...before, files: [...before.files, ...added], variants: [record] }),
    },
  };
}

async function snapshot(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  return [...names.sort(), await readFile(join(dir, 'sv72.json'), 'utf8')];
}

test('a file and its record come in, and what is not listed stays', async () => {
  const { dir, revision } = await sample();
  const bundle = await reviseBundle(revision);
  expect(bundle.manifest.variants).toHaveLength(1);
  expect(await readFile(bundle.pathOf(bundle.model('int8')), 'utf8')).toBe('int8 weights');
  expect((await readdir(dir)).sort()).toEqual(['model.onnx', 'notes.txt', 'sv72.json', 'variants']);
});

test('a file that is no longer listed goes', async () => {
  const { dir, revision } = await sample();
  await reviseBundle(revision);
  const without: Revision = {
    dir,
    add: [],
    change: ({ variants, ...before }) => ({ ...before, files: before.files.slice(0, 1) }),
  };
  await reviseBundle(without);
  expect(await readdir(join(dir, 'variants'))).toEqual([]);
});

test.each<[string, (revision: Revision) => Revision, string]>([
  [
    'a refusal',
    (revision) => ({
      ...revision,
      change: () => {
        throw new Error('no');
      },
    }),
    'ERR_FILE_WRITE',
  ],
  [
    'a manifest that is not valid',
    (revision) => ({ ...revision, change: (before) => ({ ...before, version: 'x' }) }),
    'ERR_BUNDLE_INVALID',
  ],
  [
    'a source that is not there',
    (revision) => ({ ...revision, add: [{ path: 'a', role: 'other', copyFrom: '/nowhere/a' }] }),
    'ERR_FILE_WRITE',
  ],
  [
    'the path of a listed file',
    (revision) => ({ ...revision, add: [{ path: 'model.onnx', role: 'other', copyFrom: '/etc/hostname' }] }),
    'ERR_BUNDLE_INVALID',
  ],
])('after %s everything is as it was', async (_, change, code) => {
  const { dir, revision } = await sample();
  const before = await snapshot(dir);
  await expect(reviseBundle(change(revision))).rejects.toMatchObject({ code });
  expect(await snapshot(dir)).toEqual(before);
});

test('two commands at once: one of them, until the lock is old', async () => {
  const { dir, revision } = await sample();
  const lock = join(dir, '.sv72.json.new');
  await writeFile(lock, '');
  await expect(reviseBundle(revision)).rejects.toMatchObject({ code: 'ERR_BUNDLE_BUSY' });
  const hourAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, hourAgo, hourAgo);
  await reviseBundle(revision);
  expect(await readdir(dir)).not.toContain('.sv72.json.new');
});
