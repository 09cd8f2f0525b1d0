import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipProbability, spread } from '../../src/video/aggregate.ts';
import { isClip } from '../../src/video/container.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

test('a clip is at most as probable as its best frame, and at least as its worst', () => {
  fc.assert(
    fc.property(fc.array(probability, { minLength: 1, maxLength: 64 }), (frames) => {
      const p = clipProbability(frames);
      expect(p).toBeGreaterThanOrEqual(Math.min(...frames) - 1e-4);
      expect(p).toBeLessThanOrEqual(Math.max(...frames) + 1e-4);
    }),
  );
});

test('one odd frame decides nothing, a third of the clip does', () => {
  expect(clipProbability([0.99, ...Array.from({ length: 8 }, () => 0.01)])).toBeLessThan(0.5);
  expect(clipProbability([0.97, 0.98, 0.99, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02])).toBeGreaterThan(0.9);
  expect(clipProbability([0.7])).toBeCloseTo(0.7);
});

test('a certain frame does not outweigh all others for ever', () => {
  expect(clipProbability([1, 0.001])).toBeLessThan(1);
});

test('frames are taken evenly, with both ends', () => {
  expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
  expect(spread([0, 1], 8)).toEqual([0, 1]);
  expect(spread([0, 1, 2], 1)).toEqual([0]);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 99 }), fc.integer({ min: 2, max: 20 }), (length, count) => {
      const all = Array.from({ length }, (_, at) => at);
      const chosen = spread(all, count);
      expect(chosen).toHaveLength(Math.min(length, count));
      expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
      expect(chosen[0]).toBe(0);
      expect(chosen.at(-1)).toBe(length - 1);
    }),
  );
});

test.each([
  ['MP4', Buffer.from('....ftypisom....'), true],
  ['MOV', Buffer.from('....ftypqt  ....'), true],
  ['HEIC, a picture', Buffer.from('....ftypheic....'), false],
  ['AVIF, a picture', Buffer.from('....ftypavif....'), false],
  ['AVI', Buffer.from('RIFF....AVI LIST'), true],
  ['WebP, a picture', Buffer.from('RIFF....WEBPVP8 '), false],
  ['WebM', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 4, 5, 6, 7, 8]), true],
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1]), false],
  ['nothing', Buffer.alloc(0), false],
])('%s', (_, bytes, clip) => expect(isClip(bytes)).toBe(clip));
