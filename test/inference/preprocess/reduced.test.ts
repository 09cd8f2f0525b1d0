import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ResizeRule } from '../../../src/bundle/index.ts';
import { decode } from '../../../src/inference/preprocess/decode.ts';
import { fitTo, place } from '../../../src/inference/preprocess/geometry.ts';
import { planTaps } from '../../../src/inference/preprocess/reduced.ts';
import { drawScene } from '../../../src/simulate/index.ts';

const { image: drawn } = await drawScene(11, { width: 640 });
const size = [224, 224] as const;
const linear: ResizeRule = {
  fit: 'letterbox',
  kernel: 'linear',
  antialias: true,
  background: [0, 0, 0],
};

/** A drawn street with hard edges and grain, as JPEG. */
async function street(width: number, height: number, subsampling: '4:2:0' | '4:4:4' = '4:2:0') {
  const raw = { width: drawn.width, height: drawn.height, channels: 3 as const };
  const pixels = await sharp(drawn.data, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer();
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const grain = (state >>> 28) - 8;
    pixels[i] = Math.min(255, Math.max(0, (pixels[i] as number) + grain));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 75, chromaSubsampling: subsampling })
    .toBuffer();
}

/** By how much the image decoded at a reduced scale differs from the whole one, both resampled. */
async function difference(bytes: Uint8Array, rule: ResizeRule) {
  const pixels = 50_000_000;
  const reduced = await decode(bytes, {
    pixels,
    target: (w, h) => place({ width: w, height: h }, size, rule.fit),
  });
  const whole = await decode(bytes, { pixels, target: (width, height) => ({ width, height }) });
  expect(reduced.image.width).toBeLessThan(whole.image.width / 2);
  expect(whole.image.width).toBe(whole.width);
  const ours = fitTo(reduced.image, size, rule, reduced).data;
  const right = fitTo(whole.image, size, rule, whole).data;
  let sum = 0;
  let worst = 0;
  for (const [i, value] of ours.entries()) {
    const by = Math.abs(value - (right[i] as number));
    sum += by;
    worst = Math.max(worst, by);
  }
  return { mean: sum / ours.length, worst };
}

describe('a large JPEG becomes what the whole image would have become', () => {
  test.each([
    ['12 megapixels', 4032, 3024, {}, 0.1],
    ['odd sizes', 3001, 2003, {}, 0.1],
    ['tall', 2003, 3265, {}, 0.1],
    ['stretched', 2592, 1945, { fit: 'stretch' }, 0.2],
    ['cropped, cubic', 2731, 2049, { fit: 'cover-crop', kernel: 'cubic' }, 0.25],
    ['lanczos3', 2999, 2250, { kernel: 'lanczos3' }, 0.2],
  ] as const)('%s', async (_, width, height, change, most) => {
    const { mean, worst } = await difference(await street(width, height), { ...linear, ...change });
    expect(mean).toBeLessThan(most);
    expect(worst).toBeLessThanOrEqual(5);
  });

  test('colours at full resolution', async () => {
    const { mean, worst } = await difference(await street(2595, 1947, '4:4:4'), linear);
    expect(mean).toBeLessThan(0.1);
    expect(worst).toBeLessThanOrEqual(2);
  });

  test('above 16 megapixels, at a smaller scale', async () => {
    const { mean, worst } = await difference(await street(4803, 3601), linear);
    expect(mean).toBeLessThan(0.2);
    expect(worst).toBeLessThanOrEqual(4);
  });
});

test('an image so long that hundreds of pixels make one is averaged without fitting', () => {
  const plan = planTaps(60_001, 4, 12_000, 224, 'linear');
  expect(plan[100]?.weights.length).toBeGreaterThan(100);
  expect(plan[100]?.weights.every((weight) => weight >= 0)).toBe(true);
});

test.each([
  [4032, 2, 1344, 224, 'linear'],
  [3023, 2, 1007, 168, 'cubic'],
  [5001, 4, 1000, 224, 'lanczos3'],
] as const)('%d pixels by way of %d-fold averages: the centre of what is taken stays', (...from) => {
  const [whole, shrink, reduced, to, kernel] = from;
  const plan = planTaps(whole, shrink, reduced, to, kernel);
  expect(plan.length).toBe(to);
  const step = (Math.floor(whole / shrink) * shrink) / reduced;
  for (const out of [30, to >> 1, to - 30]) {
    const { first, weights } = plan[out] ?? { first: 0, weights: new Float64Array() };
    let centre = 0;
    let sum = 0;
    for (const [i, weight] of weights.entries()) {
      centre += weight * (first + i + 0.5) * step;
      sum += weight;
    }
    // libvips' coefficients add up to a little less than one, which the weights make up for.
    expect(sum).toBeGreaterThan(0.9999);
    expect(sum).toBeLessThan(1.001);
    expect(Math.abs(centre / sum - ((out + 0.5) * whole) / to)).toBeLessThan(step / 10);
  }
});
