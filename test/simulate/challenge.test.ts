import { describe, expect, it } from 'vitest';
import { challengeImage, createRandom, decodeImage, drawScene } from '../../src/simulate/index.ts';

const scene = await drawScene(3, { label: 1, width: 400 });

describe('challenge images', () => {
  it.each([1, 2] as const)('generation %i: a JPEG of 224×224 at every level', async (generation) => {
    for (const level of [0, 1, 2, 3] as const) {
      const { jpeg, ...challenge } = await challengeImage({
        ...scene,
        generation,
        level,
        rng: createRandom(level),
      });
      expect(challenge).toMatchObject({ generation, level, width: 224, height: 224 });
      expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      expect(await decodeImage(jpeg)).toMatchObject({ width: 224, height: 224 });
    }
  });

  it('generation 3: the image as it is, only compressed', async () => {
    const challenge = await challengeImage({ ...scene, generation: 3, rng: createRandom(1) });
    expect(challenge).toMatchObject({
      generation: 3,
      level: null,
      width: 400,
      height: 300,
      augmentation: null,
    });
    const { data } = await decodeImage(challenge.jpeg);
    const distance =
      data.reduce((sum, v, i) => sum + Math.abs(v - (scene.image.data[i] ?? 0)), 0) / data.length;
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThan(6);
  });

  it('mixed: all three generations, levels evenly', async () => {
    const small = await drawScene(4, { width: 32 });
    const rng = createRandom(9);
    const seen = new Map<string, number>();
    for (let i = 0; i < 240; i++) {
      const { generation, level } = await challengeImage({ ...small, generation: 'mixed', rng });
      const key = `${generation}/${level}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual([
      '1/0',
      '1/1',
      '1/2',
      '1/3',
      '2/0',
      '2/1',
      '2/2',
      '2/3',
      '3/null',
    ]);
    expect(seen.get('3/null')).toBeGreaterThan(50);
  });

  it('the same random numbers give the same bytes', async () => {
    const make = (): Promise<{ jpeg: Uint8Array }> =>
      challengeImage({ ...scene, generation: 1, level: 3, rng: createRandom(77) });
    expect((await make()).jpeg).toEqual((await make()).jpeg);
  });

  it('keeps the first point in the crop unless the crop is free', async () => {
    const point = scene.maskPoints[0] ?? { x: 0, y: 0 };
    let lost = 0;
    for (let seed = 0; seed < 60; seed++) {
      const inside = async (freeCrop: boolean): Promise<boolean> => {
        const { augmentation } = await challengeImage({
          ...scene,
          generation: 1,
          level: 1,
          rng: createRandom(seed),
          freeCrop,
        });
        const c = augmentation?.crop;
        return (
          !!c &&
          point.x >= c.left &&
          point.x <= c.left + c.width &&
          point.y >= c.top &&
          point.y <= c.top + c.height
        );
      };
      expect(await inside(false)).toBe(true);
      if (!(await inside(true))) lost++;
    }
    expect(lost).toBeGreaterThan(0);
  });
});
