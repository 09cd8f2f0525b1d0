import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { openParquet } from '../../../src/data/import/parquet/file.ts';
import { parquetPictures } from '../../../src/data/import/parquet/index.ts';
import { ParquetReader } from '../../../src/data/import/parquet/reader.ts';
import { blotches, folder } from '../sample.ts';
import { FIXTURES, imported } from './support.ts';

const fixture = (name: string) => join(FIXTURES, name);

async function written(columnData: ColumnSource[], kvMetadata?: { key: string; value: string }[]) {
  const path = join(await folder(), 'pictures.parquet');
  await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData, ...(kvMetadata && { kvMetadata }) })));
  return path;
}

describe('a file as Hugging Face writes it', () => {
  test('labels, places, tags and descriptions come along; the validators’ filter applies', async () => {
    const { entries, leftOut, dataset } = await imported([fixture('natix-like.parquet')]);
    expect(entries).toHaveLength(10);
    expect(leftOut).toEqual([
      {
        origin: 'natix-like.parquet/natix-like.parquet#7',
        reason: 'validators do not use it: labelled roadwork, but without a scene_description',
      },
      {
        origin: 'natix-like.parquet/natix-like.parquet#9',
        reason: 'validators do not use it: labelled none, but with a scene_description',
      },
    ]);
    expect(new Set(entries.map(({ group }) => group))).toEqual(
      new Set(['place:52.500,13.400', 'place:52.600,13.400', 'place:52.700,13.400', 'city:Ulm']),
    );
    const works = entries.find(({ label, group }) => label === 1 && group === 'place:52.600,13.400');
    expect(works).toMatchObject({ description: 'Cones on the right.', licence: 'CC0-1.0' });
    expect(works?.tags).toEqual(expect.arrayContaining(['weather:Sunny', 'travel_alteration:Lane Closed']));
    for (const place of new Set(entries.map(({ group }) => group))) {
      expect(new Set(entries.filter(({ group }) => group === place).map(({ split }) => split)).size).toBe(1);
    }
    expect(dataset.manifest.counts.pictures).toBe(10);
  });

  test('the filter can be switched off', async () => {
    const { entries } = await imported([fixture('natix-like.parquet')], { validatorsFilter: false });
    expect(entries).toHaveLength(12);
  });

  test.each(['none', 'gzip', 'zstd', 'brotli'])('pyarrow’s compression %s', async (codec) => {
    const { entries } = await imported([fixture(`${codec}.parquet`)]);
    expect(entries.map(({ label }) => label).sort()).toEqual([0, 0, 1, 1]);
  });

  test('numbers are read by the names that the file gives them', async () => {
    const { entries } = await imported([fixture('reversed.parquet')]);
    expect(entries.map(({ label }) => label).sort()).toEqual([0, 1, 1]);
  });
});

describe('columns', () => {
  const images = () => Promise.all([1, 2, 3].map((seed) => blotches(seed)));

  test('are named where they cannot be guessed', async () => {
    const path = await written([
      { name: 'frame', data: await images(), type: 'BYTE_ARRAY' },
      { name: 'other', data: await images(), type: 'BYTE_ARRAY' },
      { name: 'works', data: ['digging', 'free', 'who knows'], type: 'STRING' },
    ]);
    await expect(imported([path])).rejects.toMatchObject({
      code: 'ERR_DATA_INPUT',
      next: 'Name the column with --image-column; the file has: frame, other, works.',
    });
    await expect(imported([path], { imageColumn: 'frame' })).rejects.toMatchObject({
      next: 'Name the column with --label-column; the file has: frame, other, works.',
    });
    const { entries, leftOut } = await imported([path], {
      ...{ imageColumn: 'frame', labelColumn: 'works' },
      ...{ positive: ['digging'], negative: ['free'] },
    });
    expect(entries.map(({ label }) => label).sort()).toEqual([0, 1]);
    expect(leftOut).toEqual([
      { origin: 'pictures.parquet/pictures.parquet#2', reason: 'its label is who knows' },
    ]);
  });

  test('a row without picture or label is listed', async () => {
    const [one, two] = await images();
    const path = await written([
      { name: 'image', data: [one, null, two], type: 'BYTE_ARRAY' },
      { name: 'label', data: [1, 0, null], type: 'INT32' },
    ]);
    const { leftOut } = await imported([path]);
    expect(leftOut.map(({ origin, reason }) => [origin.at(-1), reason])).toEqual([
      ['1', expect.stringMatching(/./)],
      ['2', 'it has no label'],
    ]);
  });

  test('a probability of a teacher is kept', async () => {
    const path = await written([
      { name: 'image', data: await images(), type: 'BYTE_ARRAY' },
      { name: 'label', data: [1, 0, 1], type: 'INT32' },
      { name: 'soft', data: [0.75, 0.25, 7], type: 'DOUBLE' },
    ]);
    const { entries } = await imported([path]);
    expect(entries.map(({ soft }) => soft).sort()).toEqual([0.25, 0.75, undefined]);
  });
});

test('a folder of shards is one source', async () => {
  const dir = join(await folder(), 'shards');
  await mkdir(join(dir, 'data'), { recursive: true });
  await copyFile(fixture('none.parquet'), join(dir, 'data', 'train-00000.parquet'));
  await copyFile(fixture('reversed.parquet'), join(dir, 'data', 'train-00001.parquet'));
  const { entries, dataset } = await imported([dir]);
  expect(entries).toHaveLength(7);
  expect(dataset.manifest.sources.map(({ id }) => id)).toEqual(['shards']);
});

test('cut off: one sentence', async () => {
  const path = await copyOf('natix-like.parquet');
  await truncate(path, (await stat(path)).size - 100);
  await expect(imported([path])).rejects.toMatchObject({
    code: 'ERR_DATA_INPUT',
    message: `${path} is damaged, or it is no parquet file.`,
  });
});

test('damaged anywhere: one of our errors, or pictures that are still there', async () => {
  const path = await copyOf('natix-like.parquet');
  const bytes = await readFile(path);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        await writeFile(path, changed);
        const code = await readWhole(path).then(
          () => 'read',
          (error: { code?: string }) => error.code,
        );
        expect(['read', 'ERR_DATA_INPUT']).toContain(code);
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('a table of contents that leads in a circle is refused, too', async () => {
  await expect(imported([fixture('endless.parquet')])).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
});

describe('the process that reads a file', () => {
  const file = (name: string) => ({ path: fixture(name), source: 'set', name, rules: {} });

  test('is ended when it gives no sign of life, and the file counts as damaged', async () => {
    const patience = { silenceMs: 1, memoryMib: 256 };
    await expect(
      parquetPictures(fixture('none.parquet'), 'set', {}, 'x', { patience }),
    ).rejects.toMatchObject({
      code: 'ERR_DATA_INPUT',
      details: { problem: 'reading it does not come to an end' },
    });
  });

  test('may end for whatever reason without taking this one along', async () => {
    const reader = await ParquetReader.open(file('none.parquet'));
    const [window = { from: 0, to: 0 }] = reader.windows;
    const rows = reader.rowsOf(window);
    const [child] = children();
    // Ctrl-C in a terminal goes to a group: it must not reach the reader and look like a damaged file.
    expect(groupOf(child ?? 0)).not.toBe(groupOf(process.pid));
    process.kill(child ?? 0, 'SIGKILL');
    await expect(rows).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
    await expect(reader.picturesOf(window)).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
    await reader.close();
  });

  test('takes along what the parser throws where nobody can catch it', async () => {
    await expect(imported([fixture('uncaught.parquet')])).rejects.toMatchObject({ code: 'ERR_DATA_INPUT' });
  });

  test('is gone when the file is read, or when nobody reads on', async () => {
    const { pictures } = await parquetPictures(fixture('none.parquet'), 'set', {});
    for await (const _ of pictures()) break;
    expect(children()).toEqual([]);
  });
});

function groupOf(pid: number): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[2];
}

/** Processes that this one has started. */
function children(): number[] {
  const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

async function copyOf(name: string): Promise<string> {
  const path = join(await folder(), 'bad.parquet');
  await copyFile(fixture(name), path);
  return path;
}

/** Everything of a file, read in this process. */
async function readWhole(path: string): Promise<void> {
  const opened = await openParquet({ path, source: 'set', name: 'set', rules: {} });
  try {
    for (const window of opened.windows()) {
      await opened.rowsOf(window);
      await opened.picturesOf(window);
    }
  } finally {
    await opened.close();
  }
}
