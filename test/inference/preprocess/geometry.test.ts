import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitTo, place } from '../../../src/inference/preprocess/geometry.ts';
import { type Kernel, resample } from '../../../src/inference/preprocess/resample.ts';

const image = (width: number, height: number, colour = 200) => ({
  data: new Uint8Array(width * height * 3).fill(colour),
  width,
  height,
});
const rule = {
  kernel: 'linear' as const,
  antialias: true,
  background: [1, 2, 3] as [number, number, number],
};
const side = fc.integer({ min: 1, max: 60 });

describe('where an image ends up', () => {
  test.each([
    ['letterbox', 4032, 3024, { width: 224, height: 168, left: 0, top: 28 }],
    ['letterbox', 3024, 4032, { width: 168, height: 224, left: 28, top: 0 }],
    ['letterbox', 4031, 3023, { width: 224, height: 167, left: 0, top: 28 }],
    ['letterbox', 5000, 1, { width: 224, height: 1, left: 0, top: 111 }],
    ['cover-crop', 640, 360, { width: 398, height: 224, left: -87, top: 0 }],
    ['cover-crop', 225, 223, { width: 226, height: 224, left: -1, top: 0 }],
    ['stretch', 640, 360, { width: 224, height: 224, left: 0, top: 0 }],
  ] as const)('%s %d × %d', (fit, width, height, expected) => {
    expect(place({ width, height }, [224, 224], fit)).toEqual(expected);
  });

  test('letterboxed: all of it inside; cropped: nothing left open', () => {
    fc.assert(
      fc.property(side, side, side, side, (w, h, width, height) => {
        const inside = place({ width: w, height: h }, [height, width], 'letterbox');
        expect(inside.left).toBeGreaterThanOrEqual(0);
        expect(inside.top).toBeGreaterThanOrEqual(0);
        expect(inside.left + inside.width).toBeLessThanOrEqual(width);
        expect(inside.top + inside.height).toBeLessThanOrEqual(height);
        const over = place({ width: w, height: h }, [height, width], 'cover-crop');
        expect(over.left).toBeLessThanOrEqual(0);
        expect(over.top).toBeLessThanOrEqual(0);
        expect(over.left + over.width).toBeGreaterThanOrEqual(width);
        expect(over.top + over.height).toBeGreaterThanOrEqual(height);
      }),
    );
  });
});

test('the pixels: the image in its place, the background around it', () => {
  const boxed = fitTo(image(4, 2), [4, 4], { ...rule, fit: 'letterbox' });
  const rows = [0, 1, 2, 3].map((y) => [...boxed.data.subarray(y * 12, y * 12 + 3)]);
  expect(rows).toEqual([
    [1, 2, 3],
    [200, 200, 200],
    [200, 200, 200],
    [1, 2, 3],
  ]);
});

test('a crop takes the middle', () => {
  const wide = image(6, 2, 0);
  for (let y = 0; y < 2; y++) wide.data.fill(255, (y * 6 + 2) * 3, (y * 6 + 4) * 3);
  const { data } = fitTo(wide, [2, 2], { ...rule, fit: 'cover-crop' });
  expect([...data]).toEqual(Array(12).fill(255));
});

test('resampling keeps a plain colour and the size that was asked for', () => {
  const kernel = fc.constantFrom<Kernel>('nearest', 'linear', 'cubic', 'lanczos3');
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      kernel,
      fc.boolean(),
      fc.nat(255),
      (w, h, width, height, k, smooth, colour) => {
        const result = resample(image(w, h, colour), width, height, k, smooth);
        expect([result.width, result.height, result.data.length]).toEqual([
          width,
          height,
          width * height * 3,
        ]);
        expect(result.data.every((value) => value === colour)).toBe(true);
      },
    ),
  );
});

test('an image of the right size is not touched', () => {
  const same = image(5, 4);
  expect(resample(same, 5, 4, 'lanczos3', true)).toBe(same);
});
