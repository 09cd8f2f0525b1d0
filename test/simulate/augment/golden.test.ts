import { describe, expect, it } from 'vitest';
import { type Augmentation, augment } from '../../../src/simulate/augment/levels.ts';
import golden from './golden.json' with { type: 'json' };

/** The same formula as in test/interop/augmentation/golden.py, which made the samples with OpenCV and Pillow. */
function picture(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    data[i] = (x * (3 + c) + y * (5 - c) + Math.floor(x / 23) * Math.floor(y / 17) * 31 + c * 40) % 256;
  }
  return data;
}

function noise(): () => number {
  let i = 0;
  return () => (((i++ * 7919) % 2003) - 1001) / 578;
}

describe('golden samples of the reference', () => {
  const { width, height, step } = golden;
  const image = { width, height, data: picture(width, height) };

  it.each(golden.cases.map((c) => [JSON.stringify(c.plan), c] as const))('%s', (_, { plan, samples }) => {
    const view = augment(image, plan as Augmentation, noise());
    expect([view.width, view.height]).toEqual([224, 224]);
    const ours = samples.map((_, i) => view.data[i * step] ?? -1);
    const differences = ours.map((value, i) => Math.abs(value - (samples[i] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
    expect(differences.filter((d) => d > 0).length).toBeLessThan(samples.length * 0.02);
  });
});
