import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { hashDistance, NEAR_DISTANCE, nearDuplicates } from '../../src/data/phash.ts';
import { inspectPicture } from '../../src/data/picture.ts';
import { drawScene } from '../../src/simulate/index.ts';
import { blotches } from './sample.ts';

async function hashOf(bytes: Uint8Array): Promise<string> {
  const picture = await inspectPicture(bytes);
  if (typeof picture === 'string') throw new Error(picture);
  return picture.phash;
}

async function scene(seed: number): Promise<Uint8Array> {
  const { image } = await drawScene(seed);
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  return await sharp(image.data, { raw }).jpeg({ quality: 95 }).toBuffer();
}

describe('the hash hardly changes when a picture is', () => {
  const changes: [string, (picture: Sharp) => Sharp][] = [
    ['saved at quality 30', (picture) => picture.jpeg({ quality: 30 })],
    ['half as large', (picture) => picture.resize(160)],
    ['four times as large', (picture) => picture.resize(1280)],
    ['darker', (picture) => picture.linear(0.7, 0)],
    ['without colour', (picture) => picture.grayscale()],
    ['blurred', (picture) => picture.blur(2)],
  ];
  test.each(changes)('%s', async (_, change) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const bytes = await scene(seed);
      const changed = await change(sharp(bytes)).toBuffer();
      expect(hashDistance(await hashOf(bytes), await hashOf(changed))).toBeLessThanOrEqual(NEAR_DISTANCE);
    }
  });
});

test('different pictures are far apart', async () => {
  const hashes = await Promise.all(
    Array.from({ length: 30 }, async (_, seed) => hashOf(await (seed % 2 ? scene(seed) : blotches(seed)))),
  );
  expect([...nearDuplicates(hashes)]).toEqual([]);
});

test('every pair within the distance is connected, and none beyond it is named', () => {
  const near = fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 1, maxLength: 5 });
  const flips = fc.array(fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 9 }), { maxLength: 40 });
  fc.assert(
    fc.property(near, flips, fc.integer({ min: 0, max: 12 }), (centres, changes, distance) => {
      const hashes = changes.map((bits, index) =>
        bits
          .reduce((hash, bit) => hash ^ (1n << BigInt(bit)), centres[index % centres.length] ?? 0n)
          .toString(16)
          .padStart(16, '0'),
      );
      const found = [...nearDuplicates(hashes, distance)];
      const same = hashes.map((_, index) => index);
      for (const [a, b] of found) {
        expect(hashDistance(hashes[a] ?? '', hashes[b] ?? '')).toBeLessThanOrEqual(distance);
        const [from, to] = [same[b], same[a]];
        same.forEach((root, index) => {
          if (root === from) same[index] = to ?? 0;
        });
      }
      hashes.forEach((a, i) => {
        hashes.forEach((b, j) => {
          if (hashDistance(a, b) <= distance) expect(same[i]).toBe(same[j]);
        });
      });
    }),
  );
});
