import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Augmentation,
  augment,
  drawAugmentation,
  type Level,
} from '../../../src/simulate/augment/levels.ts';
import { createRandom, type RgbImage } from '../../../src/simulate/index.ts';

const draw = (seed: number, generation: 1 | 2, level: Level): Augmentation =>
  drawAugmentation(createRandom(seed), { generation, level, width: 320, height: 240 });

const many = (generation: 1 | 2, level: Level): Augmentation[] =>
  Array.from({ length: 600 }, (_, seed) => draw(seed, generation, level));

const seen = (
  plans: Augmentation[],
  key: 'saturation' | 'contrast' | 'shrink' | 'noise' | 'blur',
): number[] => [...new Set(plans.map((p) => p[key]))].sort();

describe('what the levels draw', () => {
  it('level 0: nothing', () => {
    expect(draw(1, 1, 0)).toMatchObject({ angle: 0, crop: null, saturation: 0, noise: 0 });
  });

  it.each([1, 2, 3] as const)('level %i: angles within 20 degrees; a crop in generation 1 only', (level) => {
    for (const generation of [1, 2] as const) {
      const angles = many(generation, level).map((p) => p.angle);
      expect(Math.min(...angles)).toBeGreaterThanOrEqual(-20);
      expect(Math.max(...angles)).toBeLessThanOrEqual(20);
      expect(Math.max(...angles) - Math.min(...angles)).toBeGreaterThan(39);
      expect(many(generation, level).every((p) => (p.crop !== null) === (generation === 1))).toBe(true);
    }
  });

  it('level 1: no distortion; level 2: three of them at 0 or 1; level 3: five of them at 0, 1 or 2', () => {
    for (const key of ['saturation', 'contrast', 'shrink'] as const) {
      expect([seen(many(1, 1), key), seen(many(1, 2), key), seen(many(1, 3), key)]).toEqual([
        [0],
        [0, 1],
        [0, 1, 2],
      ]);
    }
    for (const key of ['noise', 'blur'] as const) {
      expect([seen(many(2, 1), key), seen(many(2, 2), key), seen(many(2, 3), key)]).toEqual([
        [0],
        [0],
        [0, 1, 2],
      ]);
    }
  });
});

describe('the augmented image', () => {
  it('is 224×224 for any size of image, and the same for the same plan', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 400 }),
        fc.integer({ min: 8, max: 400 }),
        fc.constantFrom(1 as const, 2 as const),
        fc.constantFrom<Level>(0, 1, 2, 3),
        fc.integer(),
        (width, height, generation, level, seed) => {
          const image: RgbImage = {
            width,
            height,
            data: new Uint8Array(width * height * 3).fill(seed & 255),
          };
          const plan = drawAugmentation(createRandom(seed), { generation, level, width, height });
          const view = (): RgbImage => augment(image, plan, createRandom(seed, 'n').normal);
          expect(view()).toMatchObject({ width: 224, height: 224 });
          expect(view().data).toEqual(view().data);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('does not touch the image it is made from', () => {
    const image = { width: 300, height: 250, data: new Uint8Array(300 * 250 * 3).fill(77) };
    augment(image, draw(3, 1, 3), createRandom(1).normal);
    expect(new Set(image.data)).toEqual(new Set([77]));
  });

  it.each([
    ['bytes', 'turns green', [52, 209, 0], 2],
    ['floats', 'fades', [159, 127, 87], 2],
  ] as const)('with colours as %s, saturation %s', (colours, _, expected, tolerance) => {
    const data = new Uint8Array(224 * 224 * 3).map((_, i) => [200, 120, 20][i % 3] ?? 0);
    const plan = { ...draw(1, 2, 0), level: 2, saturation: 1, colours } as const;
    const pixel = augment({ width: 224, height: 224, data }, plan, () => 0).data;
    expected.forEach((value, c) => {
      expect(Math.abs((pixel[c] ?? 0) - value)).toBeLessThanOrEqual(tolerance);
    });
  });
});
