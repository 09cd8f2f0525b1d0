import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStoreReader, openStoreWriter } from '../../src/store/index.ts';
import { MINER, request, temporaryFolder, VALIDATOR, writerOptions } from './sample.ts';

test('what was recorded is read back, field by field', async () => {
  const folder = temporaryFolder();
  const writer = openStoreWriter(writerOptions(folder));
  const full = request();
  const bare = request({
    outcome: 'failed',
    protocol: 'btauth',
    prediction: null,
    source: null,
    reason: 'late',
    sha256: null,
    width: null,
    height: null,
    imageBytes: null,
    totalMs: null,
    queueMs: null,
    decodeMs: null,
    inferMs: null,
    model: null,
  });
  writer.record(full);
  writer.record(bare);
  await writer.close();
  expect(writer.stats()).toMatchObject({ written: 2, waiting: 0, dropped: 0, problem: null });

  const reader = openStoreReader(join(folder, 'sv72.db'));
  const rows = reader?.recent(10).map(({ id: _, ...rest }) => rest);
  reader?.close();
  expect(rows).toEqual([bare, full]);
});

test('the questions later commands ask', async () => {
  const folder = temporaryFolder();
  const writer = openStoreWriter(writerOptions(folder));
  const now = Date.now();
  const hash = (n: number) => n.toString(16).padStart(64, '0');
  writer.record(request({ at: now - 90_000_000, sha256: hash(9), prediction: 0.5 }));
  writer.record(request({ at: now - 3, sha256: hash(1), prediction: 0.52 }));
  writer.record(request({ at: now - 2, sha256: hash(2), prediction: 0.45, validator: MINER }));
  writer.record(request({ at: now - 1, sha256: hash(2), prediction: 0.44 }));
  writer.record(request({ at: now, sha256: hash(3), prediction: 0.5, source: 'prior', reason: 'image' }));
  writer.refused({ at: now, miner: MINER, reason: 'bad_signature', count: 2 });
  writer.refused({ at: now, miner: MINER, reason: 'bad_signature', count: 3 });
  await writer.close();

  const reader = openStoreReader(join(folder, 'sv72.db'));
  const since = now - 86_400_000;
  expect(reader?.summary({ since })).toEqual({
    requests: 4,
    answered: 4,
    priors: 1,
    distinctImages: 3,
    meanMs: 12.5,
    maxMs: 12.5,
    lastAt: now,
  });
  expect(reader?.summary({ since, miner: VALIDATOR }).requests).toBe(0);
  expect(reader?.validators({ since })).toEqual([
    { validator: VALIDATOR, requests: 3, lastAt: now },
    { validator: MINER, requests: 1, lastAt: now - 2 },
  ]);
  expect(reader?.leastCertain(10, { since }).map((row) => row.prediction)).toEqual([0.52, 0.44]);
  expect(reader?.refusals({ since })).toEqual([{ miner: MINER, reason: 'bad_signature', count: 5 }]);
  reader?.close();
});

test('files are private', async () => {
  const folder = join(temporaryFolder(), 'deep', 'down');
  const writer = openStoreWriter(writerOptions(folder));
  writer.record(request());
  await writer.close();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'sv72.db')).mode & 0o777).toBe(0o600);
});

test('no store, an empty one, a foreign one, a newer one', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'sv72.db');
  expect(openStoreReader(path)).toBeNull();
  writeFileSync(path, '');
  expect(openStoreReader(path)).toBeNull();

  const other = join(folder, 'other.db');
  const db = new DatabaseSync(other);
  db.exec('CREATE TABLE theirs (x)');
  expect(() => openStoreReader(other)).toThrow(expect.objectContaining({ code: 'ERR_STORE_DAMAGED' }));
  db.exec('PRAGMA user_version = 999');
  db.close();
  expect(() => openStoreReader(other)).toThrow(expect.objectContaining({ code: 'ERR_STORE_NEWER' }));

  const text = join(folder, 'text.db');
  writeFileSync(text, 'x'.repeat(10_000));
  expect(() => openStoreReader(text)).toThrow(expect.objectContaining({ code: 'ERR_STORE_DAMAGED' }));
});
