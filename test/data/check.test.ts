import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkDataset,
  type Dataset,
  type Finding,
  isNonCommercial,
  writeDataset,
} from '../../src/data/index.ts';
import { all, folder, MADE, newPicture, SOURCE } from './sample.ts';

async function sample(licence = 'CC0-1.0', count = 24): Promise<Dataset> {
  const { dataset } = await writeDataset({
    dir: join(await folder(), 'set'),
    made: MADE,
    sources: [{ ...SOURCE, licence }],
    pictures: Array.from({ length: count }, (_, seed) => newPicture(seed)),
  });
  return dataset;
}

/** Writes the list anew, and the hash that the manifest has of it. */
async function relist({ dir }: Dataset, change: (line: Record<string, unknown>, index: number) => object) {
  const { createHash } = await import('node:crypto');
  const lines = (await readFile(join(dir, 'entries.jsonl'), 'utf8')).trim().split('\n');
  const text = lines.map((line, index) => `${JSON.stringify(change(JSON.parse(line), index))}\n`).join('');
  await writeFile(join(dir, 'entries.jsonl'), text);
  const manifest = JSON.parse(await readFile(join(dir, 'dataset.json'), 'utf8'));
  manifest.entries = { sha256: createHash('sha256').update(text).digest('hex'), bytes: text.length };
  await writeFile(join(dir, 'dataset.json'), JSON.stringify(manifest));
}

const whats = (findings: readonly Finding[]) => findings.map(({ severity, what }) => `${severity}: ${what}`);

test('what was just written is in order', async () => {
  const { dir } = await sample();
  expect(await checkDataset(dir)).toMatchObject({ ok: true, findings: [] });
});

describe('pictures', () => {
  test('changed, gone, and files that belong to nobody', async () => {
    const dataset = await sample();
    const [one, two, three] = await all(dataset.entries());
    if (!one || !two || !three) throw new Error('too few');
    await writeFile(join(dataset.dir, one.path), 'x');
    await rm(join(dataset.dir, two.path));
    await truncate(join(dataset.dir, three.path), three.bytes - 20);
    await writeFile(join(dataset.dir, 'pictures', 'note.txt'), 'x');
    const { ok, findings } = await checkDataset(dataset.dir, { decode: false });
    expect(ok).toBe(false);
    expect(findings).toEqual(
      expect.arrayContaining([
        { severity: 'error', where: one.path, what: 'was changed' },
        { severity: 'error', where: two.path, what: 'is missing or cannot be read' },
        { severity: 'error', where: three.path, what: 'was changed' },
        { severity: 'warning', where: 'pictures/note.txt', what: 'belongs to no entry' },
      ]),
    );
    expect(findings).toHaveLength(4);
  });

  test('another size than the list says', async () => {
    const dataset = await sample();
    await relist(dataset, (line, index) => (index === 0 ? { ...line, width: 63 } : line));
    expect(whats((await checkDataset(dataset.dir)).findings)).toEqual(['error: is 64×48, not 63×48']);
  });
});

describe('splits', () => {
  test('a place, or two alike pictures, in two of them', async () => {
    const dataset = await sample();
    await relist(dataset, (line, index) => (index < 24 ? { ...line, group: 'plaza' } : line));
    expect(whats((await checkDataset(dataset.dir)).findings)).toContainEqual(
      expect.stringMatching(/^error: is in (train|validation|test) and in /),
    );
    const other = await sample();
    await relist(other, (line) => ({ ...line, phash: '0123456789abcdef' }));
    expect(whats((await checkDataset(other.dir)).findings)).toContainEqual(
      expect.stringMatching(/^error: in \w+ looks like [0-9a-f]{16} in \w+$/),
    );
  });

  test('other counts, and classes that are missing', async () => {
    const dataset = await sample();
    await relist(dataset, (line) => ({ ...line, label: 1 }));
    expect(whats((await checkDataset(dataset.dir)).findings)).toContain(
      'error: has other counts than dataset.json says',
    );
    const few = await sample('CC0-1.0', 3);
    const { ok, findings } = await checkDataset(few.dir);
    expect(ok).toBe(true);
    expect(whats(findings)).toEqual(expect.arrayContaining(['warning: is empty']));
  });
});

test('licences that are unknown or forbid to earn', async () => {
  expect(whats((await checkDataset((await sample('unknown')).dir)).findings)).toEqual([
    'warning: has no known licence',
  ]);
  expect(['cc-by-nc-4.0', 'CC-BY-NC-SA-4.0', 'fair-noncommercial-research'].map(isNonCommercial)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['CC-BY-4.0', 'ODC-By-1.0', 'ncsa', 'apache-2.0'].map(isNonCommercial)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('a line that is none stops the check with its number', async () => {
  const dataset = await sample();
  await relist(dataset, (line, index) => (index === 2 ? { ...line, label: 3 } : line));
  await expect(checkDataset(dataset.dir)).rejects.toMatchObject({
    code: 'ERR_DATASET_DAMAGED',
    message: expect.stringMatching(/entries\.jsonl, line 3: label: /),
  });
});

test('checking changes nothing', async () => {
  const { dir } = await sample();
  const before = (await readdir(dir, { recursive: true })).sort();
  await checkDataset(dir);
  expect((await readdir(dir, { recursive: true })).sort()).toEqual(before);
});
