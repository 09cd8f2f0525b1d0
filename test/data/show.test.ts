import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contactSheet, type Dataset, summarize, writeDataset } from '../../src/data/index.ts';
import { blotches, folder, MADE, newPicture, SOURCE } from './sample.ts';

async function sample(): Promise<Dataset> {
  const pictures = [
    ...Array.from({ length: 10 }, (_, seed) =>
      newPicture(seed, {
        tags: seed < 4 ? ['night', '<script>alert(1)</script>'] : [],
        group: `g${seed % 5}`,
      }),
    ),
    newPicture(11, { load: () => blotches(3, { format: 'png' }), soft: 0.8, objects: [[16, 12]] }),
    newPicture(12, { load: () => blotches(12, { width: 200, height: 120 }) }),
  ];
  const { dataset } = await writeDataset({
    dir: join(await folder(), 'set'),
    made: MADE,
    sources: [SOURCE],
    pictures,
  });
  return dataset;
}

test('the summary counts what is there', async () => {
  expect(await summarize(await sample())).toMatchObject({
    sources: [{ id: 'sample', licence: 'CC0-1.0', pictures: 12 }],
    formats: { jpeg: 11, png: 1 },
    shorterSide: { min: 48, median: 48, max: 120 },
    groups: { count: 7, largest: 2 },
    nearDuplicates: 2,
    tags: [
      { tag: '<script>alert(1)</script>', pictures: 4, roadwork: 2 },
      { tag: 'night', pictures: 4, roadwork: 2 },
    ],
    withObjects: 1,
    withSoftLabel: 1,
  });
});

describe('the page', () => {
  test('holds its pictures, asks nobody for anything, and runs nothing', async () => {
    const dataset = await sample();
    const html = await contactSheet(dataset, await summarize(dataset));
    expect(html.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(12);
    expect(html).not.toMatch(/https?:\/\/|<script/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain('left:25.0%;top:25.0%');
  });

  test('shows as many of each as asked for', async () => {
    const dataset = await sample();
    const html = await contactSheet(dataset, await summarize(dataset), { each: 1 });
    const { train, validation, test: held } = dataset.manifest.counts;
    const kinds = [train, validation, held].flatMap(({ none, roadwork }) => [none, roadwork]);
    expect(html.match(/<img /g)).toHaveLength(kinds.filter((count) => count > 0).length);
  });
});
