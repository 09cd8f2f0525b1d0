import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordsOf } from '../../../src/data/import/csv.ts';
import { importDataset } from '../../../src/data/index.ts';
import { all, blotches, folder } from '../sample.ts';
import { imported } from './support.ts';

const records = (...pieces: string[]) => all(recordsOf(pieces));

describe('records', () => {
  test.each<[string, string, string[][]]>([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'without a last line break',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows line ends and a byte-order mark',
      '\ufeffa,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, doubled quotes, line breaks',
      'a,b\n"x, ""y""","1\n2"\n',
      [
        ['a', 'b'],
        ['x, "y"', '1\n2'],
      ],
    ],
    [
      'semicolons',
      'a;b\n1,5;2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'empty fields and empty lines',
      'a,b\n\n,\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    [
      'line ends of old',
      'a,b\r1,2\r"x\ry",\r',
      [
        ['a', 'b'],
        ['1', '2'],
        ['x\ry', ''],
      ],
    ],
    ['nothing', '', []],
  ])('%s', async (_, text, expected) => {
    expect(await records(text)).toEqual(expected);
  });

  test('what was written comes back, however it is cut into pieces', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' '), maxLength: 6 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.nat(200), { maxLength: 5 }), async (rows, cuts) => {
        const lines = [['left', 'right'], ...rows];
        const text = lines
          .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(await records(...pieces)).toEqual(lines);
      }),
    );
  });

  test('a file without any line break does not fill the memory', async () => {
    await expect(records('a,b\n', '"'.padEnd(2 << 20, 'x'))).rejects.toThrow(
      'a million characters in line 2',
    );
  });
});

test('paths, labels, places and tags of a table', async () => {
  const dir = await folder();
  for (const seed of [1, 2, 3]) await writeFile(join(dir, `${seed}.jpg`), await blotches(seed));
  await writeFile(
    join(dir, 'labels.csv'),
    [
      'file_name,label,lat,lon,tags,license',
      '1.jpg,roadwork,48.4,9.98,night;rain,CC-BY-4.0',
      '2.jpg,None,48.4001,9.9801,,',
      '3.jpg,maybe,,,,',
      '4.jpg,1,,,,',
      ',1,,,,',
    ].join('\n'),
  );
  const { entries, leftOut } = await imported([join(dir, 'labels.csv')]);
  expect(entries.map(({ label, group, tags, licence }) => ({ label, group, tags, licence }))).toEqual(
    expect.arrayContaining([
      { label: 1, group: 'place:48.400,9.980', tags: ['night', 'rain'], licence: 'CC-BY-4.0' },
      { label: 0, group: 'place:48.400,9.980', tags: [], licence: 'CC0-1.0' },
    ]),
  );
  expect(leftOut).toEqual([
    { origin: 'labels.csv#4 3.jpg', reason: 'its label is maybe' },
    { origin: 'labels.csv#5 4.jpg', reason: 'its file is missing' },
    { origin: 'labels.csv#6 ', reason: 'it names no picture' },
  ]);
});

describe('a table that cannot be trusted', () => {
  const table = async (bytes: string | Uint8Array) => {
    const path = join(await folder(), 'x.csv');
    await writeFile(path, bytes);
    return path;
  };

  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'is empty.'],
    [
      'a quote that is never closed',
      'file,label\na.jpg,1\n"b.jpg,0\nc.jpg,1\n',
      'has a quote in line 3 that is never closed.',
    ],
    ['Latin-1', Buffer.from('file,label,city\na.jpg,1,K\xf6ln\n', 'latin1'), 'is not text in UTF-8.'],
    ['two columns of one name', 'file,label,label\na.jpg,1,0\n', 'has more than one column named label.'],
    ['no line break', 'x'.repeat(2 << 20), 'has a record of more than a million characters in line 1.'],
  ])('%s', async (_, bytes, problem) => {
    const path = await table(bytes);
    await expect(imported([path])).rejects.toMatchObject({
      code: 'ERR_DATA_INPUT',
      message: `${path} ${problem}`,
    });
  });

  test('paths that no file can have are listed, spaces around them do no harm', async () => {
    const path = await table(
      `file,label\n\0.jpg,1\n${'x'.repeat(300)}.jpg,0\nempty.jpg,1\n 1.jpg ,\n 1.jpg , 1 \n`,
    );
    await writeFile(join(path, '..', '1.jpg'), await blotches(1));
    await writeFile(join(path, '..', 'empty.jpg'), '');
    const { entries, leftOut } = await imported([path]);
    expect(entries).toHaveLength(1);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      'its path is none that a file can have',
      'its path is none that a file can have',
      'it has no bytes',
      'it has no label',
    ]);
  });

  test('UTF-16, as some spreadsheets write it', async () => {
    const path = await table(Buffer.from('\ufefffile\tlabel\r\n1.jpg\t1\r\n', 'utf16le'));
    await writeFile(join(path, '..', '1.jpg'), await blotches(1));
    expect((await imported([path])).entries).toHaveLength(1);
  });
});

test('a table without labels is refused with its columns', async () => {
  const path = join(await folder(), 'x.csv');
  await writeFile(path, 'file,colour\na.jpg,red\n');
  await expect(imported([path])).rejects.toMatchObject({
    code: 'ERR_DATA_INPUT',
    next: 'Name the column with --label-column; the file has: file, colour.',
  });
});

test('a stopped import of a table that was mended meanwhile begins anew', async () => {
  const dir = await folder();
  for (const seed of [1, 2, 3, 4]) await writeFile(join(dir, `${seed}.jpg`), await blotches(seed));
  const table = join(dir, 'labels.csv');
  await writeFile(table, 'file,label\n1.jpg,1\n2.jpg,0\n3.jpg,1\n4.jpg,0\n');
  const controller = new AbortController();
  const options = {
    inputs: [table],
    dir: join(dir, 'set'),
    made: { by: 'test', command: null },
    licence: 'CC0-1.0',
    concurrency: 1,
  };
  const stopped = importDataset({
    ...options,
    signal: controller.signal,
    onProgress: ({ done }) => done === 2 && controller.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  await writeFile(table, 'file,label\n1.jpg,none\n2.jpg,0\n3.jpg,1\n4.jpg,0\n');
  const { dataset } = await importDataset(options);
  const { train, validation, test: held } = dataset.manifest.counts;
  expect(train.none + validation.none + held.none).toBe(3);
});
