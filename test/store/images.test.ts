import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { imagePath, openStoreWriter } from '../../src/store/index.ts';
import { request, temporaryFolder, writerOptions } from './sample.ts';

function image(n: number, size: number) {
  const bytes = new Uint8Array(size).fill(n);
  return { at: 1_000 + n, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

test('images are kept by hash, privately, and the oldest go when the cap is reached', async () => {
  const folder = temporaryFolder();
  const images = join(folder, 'images');
  const writer = openStoreWriter({ ...writerOptions(folder), imageFolder: images, imageCapBytes: 2_500 });
  const [one, two, three] = [image(1, 1_000), image(2, 1_000), image(3, 1_000)];
  for (const each of [one, two, three, two]) writer.keepImage(each);
  await writer.close();
  expect(existsSync(imagePath(images, one.sha256))).toBe(false);
  expect(readFileSync(imagePath(images, three.sha256))).toEqual(Buffer.from(three.bytes));
  expect(statSync(imagePath(images, two.sha256)).mode & 0o777).toBe(0o600);
});

test('an image larger than the cap is not kept, and none is without being asked', async () => {
  const folder = temporaryFolder();
  const images = join(folder, 'images');
  const capped = openStoreWriter({ ...writerOptions(folder), imageFolder: images, imageCapBytes: 10 });
  const big = image(1, 11);
  capped.keepImage(big);
  await capped.close();
  expect(existsSync(imagePath(images, big.sha256))).toBe(false);

  const off = openStoreWriter(writerOptions(folder));
  off.keepImage(image(2, 5));
  await off.close();
  expect(existsSync(images)).toBe(false);
});

test('table and folder agree again after a kill between them', async () => {
  const folder = temporaryFolder();
  const images = join(folder, 'images');
  const options = { ...writerOptions(folder), imageFolder: images };
  const first = openStoreWriter(options);
  const lost = image(1, 10);
  first.keepImage(lost);
  await first.close();

  rmSync(imagePath(images, lost.sha256));
  const orphan = image(2, 20);
  const left = `${imagePath(images, orphan.sha256)}.1.tmp`;
  mkdirSync(join(images, orphan.sha256.slice(0, 2)), { recursive: true });
  writeFileSync(imagePath(images, orphan.sha256), orphan.bytes);
  writeFileSync(left, 'half');
  utimesSync(left, new Date(0), new Date(0));

  const second = openStoreWriter(options);
  second.record(request());
  await second.close();
  const db = new DatabaseSync(options.path);
  expect(db.prepare('SELECT sha256, bytes FROM images').all()).toEqual([
    { sha256: orphan.sha256, bytes: 20 },
  ]);
  db.close();
  expect(existsSync(left)).toBe(false);
});
