import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawScene, labelOfSeed } from '../../../src/simulate/index.ts';
import { compose } from '../../../src/simulate/scenes/compose.ts';

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('drawn scenes', () => {
  it('are the same for the same seed and different for another', async () => {
    const [a, again, other] = [await drawScene(11), await drawScene(11), await drawScene(12)];
    expect(digest(a.image.data)).toBe(digest(again.image.data));
    expect(digest(a.image.data)).not.toBe(digest(other.image.data));
    expect(a.maskPoints).toEqual(again.maskPoints);
  });

  it('have the size asked for, three quarters high, with points in the same places', async () => {
    const small = await drawScene(21, { label: 1 });
    const large = await drawScene(21, { label: 1, width: 960 });
    expect([small.image.width, small.image.height]).toEqual([320, 240]);
    expect([large.image.width, large.image.height, large.image.data.length]).toEqual([
      960,
      720,
      960 * 720 * 3,
    ]);
    expect(large.maskPoints).toHaveLength(small.maskPoints.length);
    small.maskPoints.forEach((p, i) => {
      expect((large.maskPoints[i]?.x ?? 0) / 3).toBeCloseTo(p.x, 6);
    });
  });

  it('have half of each label, in no pattern', () => {
    for (const start of [0, 100_000, 4_000_000_000]) {
      const labels = Array.from({ length: 4000 }, (_, i) => labelOfSeed(start + i));
      const share = (from: number, step: number): number => {
        const chosen = labels.filter((_, i) => i % step === from);
        return chosen.filter((l) => l === 1).length / chosen.length;
      };
      for (const [from, step] of [
        [0, 1],
        [0, 2],
        [1, 2],
        [1, 4],
        [3, 8],
      ] as const) {
        expect(Math.abs(share(from, step) - 0.5)).toBeLessThan(0.07);
      }
    }
  });

  it('show the label asked for: works have centres inside the picture, the largest first; other streets none', () => {
    for (let seed = 0; seed < 300; seed++) {
      expect(compose(seed, 0).maskPoints).toEqual([]);
      const { maskPoints } = compose(seed, 1);
      expect(maskPoints.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { x, y } of maskPoints) expect(x >= 0 && x < 320 && y >= 0 && y < 240).toBe(true);
    }
  });

  it('use the label of the seed where none is asked for', () => {
    for (let seed = 0; seed < 50; seed++) expect(compose(seed).label).toBe(labelOfSeed(seed));
  });
});
