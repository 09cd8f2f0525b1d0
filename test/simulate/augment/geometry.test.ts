import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centreSquare,
  crop,
  drawCrop,
  keepPoint,
  letterbox,
  rotate,
  roundHalfEven,
} from '../../../src/simulate/augment/geometry.ts';
import { createRandom, type RgbImage } from '../../../src/simulate/index.ts';

const size = fc.record({
  width: fc.integer({ min: 16, max: 700 }),
  height: fc.integer({ min: 16, max: 700 }),
});
const plain = (width: number, height: number, value = 200): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe('random crop', () => {
  it('is a square inside the image with 0.2 to 1.0 of its area, where such a square fits', () => {
    fc.assert(
      fc.property(size, fc.integer(), ({ width, height }, seed) => {
        const area = drawCrop(createRandom(seed), width, height);
        expect(area.width).toBe(area.height);
        expect(area.left).toBeGreaterThanOrEqual(0);
        expect(area.top).toBeGreaterThanOrEqual(0);
        expect(area.left + area.width).toBeLessThanOrEqual(width);
        expect(area.top + area.height).toBeLessThanOrEqual(height);
        const least = Math.sqrt(0.2 * width * height) - 1;
        expect(area.width).toBeGreaterThanOrEqual(Math.min(least, Math.min(width, height)));
      }),
    );
  });

  it('covers the allowed sizes evenly in area', () => {
    const rng = createRandom(1);
    const areas = Array.from({ length: 4000 }, () => drawCrop(rng, 256, 256).width ** 2 / 256 ** 2);
    expect(areas.reduce((a, b) => a + b) / areas.length).toBeCloseTo(0.6, 1);
    expect(Math.min(...areas)).toBeLessThan(0.22);
    expect(Math.max(...areas)).toBeGreaterThan(0.98);
  });

  it('shifts to keep any point of the image and stays inside', () => {
    fc.assert(
      fc.property(size, fc.integer(), fc.nat(), fc.nat(), ({ width, height }, seed, px, py) => {
        const point = { x: px % width, y: py % height };
        const area = keepPoint(drawCrop(createRandom(seed), width, height), point, width, height);
        expect(point.x).toBeGreaterThanOrEqual(area.left);
        expect(point.x).toBeLessThanOrEqual(area.left + area.width);
        expect(point.y).toBeGreaterThanOrEqual(area.top);
        expect(point.y).toBeLessThanOrEqual(area.top + area.height);
        expect(area.left).toBeGreaterThanOrEqual(0);
        expect(area.left + area.width).toBeLessThanOrEqual(width);
        expect(area.top).toBeGreaterThanOrEqual(0);
        expect(area.top + area.height).toBeLessThanOrEqual(height);
      }),
    );
  });

  it('leaves a crop alone that holds the point already', () => {
    const area = { left: 10, top: 20, width: 50, height: 50 };
    expect(keepPoint(area, { x: 60, y: 20 }, 100, 100)).toEqual(area);
  });

  it.each([
    [
      { x: 5, y: 30 },
      { left: 0, top: 20 },
    ],
    [
      { x: 40, y: 30 },
      { left: 20, top: 20 },
    ],
    [
      { x: 75, y: 30 },
      { left: 35, top: 20 },
    ],
    [
      { x: 99, y: 99 },
      { left: 50, top: 50 },
    ],
  ])('keeps %j ten pixels inside where there is room', (point, expected) => {
    const start = point.x === 40 ? 20 : 10;
    expect(keepPoint({ left: start, top: 20, width: 50, height: 50 }, point, 100, 100)).toMatchObject(
      expected,
    );
  });
});

describe('letterbox', () => {
  it.each([
    [320, 240, 224, 168, 0, 28],
    [240, 320, 168, 224, 28, 0],
    [333, 100, 224, 67, 0, 78],
    [224, 224, 224, 224, 0, 0],
    [100, 50, 224, 112, 0, 56],
  ])('%i × %i becomes %i × %i at (%i, %i) on black', (w, h, innerW, innerH, left, top) => {
    const view = letterbox(plain(w, h));
    let [minX, minY, maxX, maxY] = [224, 224, -1, -1];
    for (let y = 0; y < 224; y++) {
      for (let x = 0; x < 224; x++) {
        const value = view.data[(y * 224 + x) * 3];
        if (value === 0) continue;
        expect(value).toBe(200);
        [minX, minY, maxX, maxY] = [
          Math.min(minX, x),
          Math.min(minY, y),
          Math.max(maxX, x),
          Math.max(maxY, y),
        ];
      }
    }
    expect([minX, minY, maxX - minX + 1, maxY - minY + 1]).toEqual([left, top, innerW, innerH]);
  });
});

describe('rotation', () => {
  it('by 0 is the image itself', () => {
    const image = { width: 5, height: 4, data: Uint8Array.from({ length: 60 }, (_, i) => i) };
    expect(rotate(image, 0).data).toEqual(image.data);
  });

  it('turns counter-clockwise for positive angles', () => {
    const image = plain(3, 3, 0);
    image.data[(1 * 3 + 2) * 3] = 255;
    expect(rotate(image, 90).data[(0 * 3 + 1) * 3]).toBe(255);
  });

  it('leaves black corners and does not grow', () => {
    const view = rotate(plain(100, 80), 20);
    expect([view.width, view.height]).toEqual([100, 80]);
    expect([view.data[0], view.data[(40 * 100 + 50) * 3]]).toEqual([0, 200]);
  });
});

describe('crop and centre square', () => {
  it('cuts the middle of the longer side', () => {
    const image = plain(448, 224, 0);
    for (let y = 0; y < 224; y++) image.data.fill(99, (y * 448 + 112) * 3, (y * 448 + 336) * 3);
    expect(new Set(centreSquare(image).data)).toEqual(new Set([99]));
  });

  it('copies rows exactly', () => {
    const image = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i) };
    expect([...crop(image, { left: 1, top: 1, width: 2, height: 1 }).data]).toEqual([12, 13, 14, 15, 16, 17]);
  });
});

describe('rounding', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [0.4999, 0],
    [0.5001, 1],
  ])('%d → %d', (value, expected) => {
    expect(roundHalfEven(value) + 0).toBe(expected);
  });
});
