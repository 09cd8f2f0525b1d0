import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../src/bundle/index.ts';
import type { Classifier } from '../../src/inference/index.ts';
import { balancedAccuracy, DEMO_BUNDLE, openDemo } from '../support/demo-model/accuracy.ts';

describe('the demonstration bundle', () => {
  it('says that it is one, stays small, and records at least 0.95 for each generation', async () => {
    const { manifest } = await loadBundle(DEMO_BUNDLE);
    expect(manifest.demo).toBe(true);
    expect(manifest.description).toContain('must not go to mainnet');
    expect(manifest.files.reduce((sum, f) => sum + f.bytes, 0)).toBeLessThan(4e6);
    const recorded = manifest.metrics.filter(({ condition = '' }) =>
      /^generation (1, crop kept on the object, mean over levels|2, mean over levels|3)$/.test(condition),
    );
    expect(recorded).toHaveLength(3);
    for (const { values } of recorded) expect(values.balancedAccuracy).toBeGreaterThanOrEqual(0.95);
  });
});

describe('a few unseen streets through the engine', () => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = await openDemo();
  });
  afterAll(() => classifier.close());

  it.each([1, 2, 3] as const)('generation %i', async (generation) => {
    const trial = { generation, level: 1, firstSeed: 500, scenes: 60 } as const;
    expect(await balancedAccuracy(classifier, trial)).toBeGreaterThan(0.9);
  });
});
