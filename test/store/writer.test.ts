import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStoreReader, openStoreWriter } from '../../src/store/index.ts';
import { request, temporaryFolder, writerOptions } from './sample.ts';

test('a full queue drops and counts', async () => {
  const writer = openStoreWriter({ ...writerOptions(temporaryFolder()), queueLimit: 3, flushMs: 60_000 });
  for (let i = 0; i < 10; i++) writer.record(request());
  expect(writer.stats()).toMatchObject({ waiting: 3, dropped: 7 });
  await writer.close();
  expect(writer.stats()).toMatchObject({ written: 3, waiting: 0, dropped: 7 });
});

test('a burst larger than a batch is written whole on closing', async () => {
  const folder = temporaryFolder();
  const writer = openStoreWriter({ ...writerOptions(folder), flushMs: 60_000 });
  for (let i = 0; i < 2_345; i++) writer.record(request());
  await writer.close();
  const reader = openStoreReader(join(folder, 'sv72.db'));
  expect(reader?.summary().requests).toBe(2_345);
  reader?.close();
});

test('a place that cannot be written is reported, counted, and works again once it can', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sv72.db'));
  const problems: (string | null)[] = [];
  let clock = 0;
  const first = Promise.withResolvers<void>();
  const writer = openStoreWriter({
    ...writerOptions(folder),
    now: () => clock,
    onProblem: (problem) => {
      problems.push(problem);
      first.resolve();
    },
  });
  writer.record(request());
  await first.promise;
  expect(writer.stats()).toMatchObject({ written: 0, dropped: 1 });
  expect(problems[0]).toContain('cannot be opened');

  const { rmdirSync } = await import('node:fs');
  rmdirSync(join(folder, 'sv72.db'));
  clock += 60_000;
  writer.record(request());
  await writer.close();
  expect(writer.stats()).toMatchObject({ written: 1, problem: null });
  expect(problems.at(-1)).toBeNull();
});

test('two writers share one file', async () => {
  const folder = temporaryFolder();
  const writers = [openStoreWriter(writerOptions(folder)), openStoreWriter(writerOptions(folder))];
  for (let i = 0; i < 300; i++) for (const writer of writers) writer.record(request());
  await Promise.all(writers.map((writer) => writer.close(20_000)));
  const reader = openStoreReader(join(folder, 'sv72.db'));
  expect(reader?.summary().requests).toBe(600);
  reader?.close();
});

test('old and surplus rows go', async () => {
  const folder = temporaryFolder();
  const now = Date.now();
  const fill = openStoreWriter(writerOptions(folder));
  for (let i = 0; i < 50; i++) fill.record(request({ at: now - 10 * 86_400_000 }));
  for (let i = 0; i < 50; i++) fill.record(request({ at: now - 50 + i }));
  await fill.close();

  const writer = openStoreWriter({ ...writerOptions(folder), retentionDays: 5, retentionRows: 20 });
  writer.record(request({ at: now }));
  await writer.close();
  const reader = openStoreReader(join(folder, 'sv72.db'));
  expect(reader?.recent(100).map((row) => row.at)).toEqual(Array.from({ length: 20 }, (_, i) => now - i));
  reader?.close();
});

test('a foreign database is left alone', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'sv72.db');
  const db = new DatabaseSync(path);
  db.exec('CREATE TABLE theirs (x)');
  const writer = openStoreWriter(writerOptions(folder));
  writer.record(request());
  await writer.close();
  expect(writer.stats().problem).toContain('no sv72 store');
  expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
  db.close();
});

test('an unreadable file does not stop the caller', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'sv72.db'), Buffer.alloc(20_000, 7));
  const writer = openStoreWriter(writerOptions(folder));
  writer.record(request());
  await writer.close();
  expect(writer.stats()).toMatchObject({ written: 0, dropped: 1 });
});
