import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../../src/inference/index.ts';
import { LEVELS } from '../../src/simulate/index.ts';
import { balancedAccuracy, mean, openDemo } from '../support/demo-model/accuracy.ts';

/** Through the real engine, on streets that neither training nor calibration nor the recorded figures have seen. */
describe('the demonstration model on unseen streets', () => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = await openDemo();
  });
  afterAll(() => classifier.close());

  it.each([
    [1, 'bytes', 320],
    [1, 'floats', 640],
    [2, 'bytes', 640],
    [2, 'floats', 320],
  ] as const)(
    'generation %i, colours as %s, drawn %i wide: at least 0.95 as the mean over levels',
    async (generation, colours, width) => {
      const levels: number[] = [];
      for (const level of LEVELS) {
        const trial = { generation, level, colours, width, firstSeed: 10_000, scenes: 300 };
        levels.push(await balancedAccuracy(classifier, trial));
      }
      expect(mean(levels), levels.map((v) => v.toFixed(3)).join(', ')).toBeGreaterThanOrEqual(0.95);
    },
  );

  it.each([320, 640, 1280])('generation 3, %i pixels wide: at least 0.95', async (width) => {
    const trial = { generation: 3, level: 0, firstSeed: 20_000, scenes: 300, width } as const;
    expect(await balancedAccuracy(classifier, trial)).toBeGreaterThanOrEqual(0.95);
  });

  it('generation 3 at 12 megapixels: no worse', async () => {
    const trial = { generation: 3, level: 0, firstSeed: 30_000, scenes: 40, width: 4032 } as const;
    expect(await balancedAccuracy(classifier, trial)).toBeGreaterThanOrEqual(0.95);
  });

  it('generation 1 with free crops, which can cut every object away: better than 0.8', async () => {
    const trial = { generation: 1, level: 1, firstSeed: 40_000, scenes: 400, freeCrop: true } as const;
    expect(await balancedAccuracy(classifier, trial)).toBeGreaterThan(0.8);
  });
});
