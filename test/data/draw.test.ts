import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawDataset } from '../../src/data/index.ts';
import { all, folder, MADE } from './sample.ts';

test('half of the scenes show road works, and those know where', async () => {
  const dir = join(await folder(), 'drawn');
  const { dataset } = await drawDataset({ dir, made: MADE, count: 20, seed: 3 });
  const entries = await all(dataset.entries());
  expect(entries.filter(({ label }) => label === 1)).toHaveLength(10);
  for (const { label, objects, width, height, tags, licence } of entries) {
    expect({ width, height, tags, licence }).toEqual({
      width: 320,
      height: 240,
      tags: ['drawn'],
      licence: 'CC0-1.0',
    });
    expect((objects ?? []).length > 0).toBe(label === 1);
    for (const [x, y] of objects ?? []) expect(x >= 0 && x <= 320 && y >= 0 && y <= 240).toBe(true);
  }
  expect((await readdir(dir)).sort()).toEqual(['dataset.json', 'entries.jsonl', 'pictures']);
});

test('the same seed draws the same set, another seed none of its scenes', async () => {
  const draw = async (seed: number) => {
    const dir = join(await folder(), 'drawn');
    return (await drawDataset({ dir, made: MADE, count: 6, seed })).dataset;
  };
  const [one, again, other] = [await draw(0), await draw(0), await draw(1)];
  expect(again.fingerprint).toBe(one.fingerprint);
  const groups = new Set((await all(one.entries())).map(({ group }) => group));
  expect((await all(other.entries())).some(({ group }) => groups.has(group))).toBe(false);
});
