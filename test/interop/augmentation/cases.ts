import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { augment, drawAugmentation, LEVELS } from '../../../src/simulate/augment/levels.ts';
import {
  createRandom,
  decodeImage,
  drawScene,
  encodeJpeg,
  type RgbImage,
} from '../../../src/simulate/index.ts';

/** One augmentation computed here; the Python reference computes it again from the files. */
export interface Case {
  readonly name: string;
  readonly ours: RgbImage;
  readonly decoded: RgbImage;
}

/** Draws scenes, augments them with every level of both generations, and writes what the reference needs. */
export async function writeCases(folder: string, perLevel: number): Promise<Case[]> {
  const cases: Case[] = [];
  const listed: unknown[] = [];
  for (const generation of [1, 2] as const) {
    for (const level of LEVELS) {
      for (let i = 0; i < perLevel; i++) {
        const name = `g${generation}l${level}n${i}`;
        const seed = generation * 1000 + level * 100 + i;
        const { image, maskPoints } = await drawScene(seed, { width: [320, 333, 400][i % 3] ?? 320 });
        const { width, height } = image;
        const plan = drawAugmentation(createRandom(seed, 'plan'), {
          generation,
          level,
          width,
          height,
          keep: maskPoints[0],
          colours: i % 2 === 0 ? 'bytes' : 'floats',
        });
        const drawn: number[] = [];
        const rng = createRandom(seed, 'noise');
        const ours = augment(image, plan, () => {
          const value = rng.normal();
          drawn.push(value);
          return value;
        });
        await writeFile(join(folder, `${name}.rgb`), image.data);
        if (drawn.length > 0) await writeFile(join(folder, `${name}.noise`), new Float64Array(drawn));
        listed.push({ name, width, height, plan });
        cases.push({ name, ours, decoded: await decodeImage(await encodeJpeg(ours)) });
      }
    }
  }
  await writeFile(join(folder, 'cases.json'), JSON.stringify(listed));
  return cases;
}

/** Largest difference of two images in grey levels, and the share of bytes that differ by more than `tolerance`. */
export function difference(a: Uint8Array, b: Uint8Array, tolerance: number): { max: number; share: number } {
  let max = 0;
  let over = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    if (d > max) max = d;
    if (d > tolerance) over++;
  }
  return { max, share: a.length === b.length ? over / a.length : 1 };
}

/** Before and after JPEG: of the reference, and of the training package. */
export type PixelKind = 'expected' | 'decoded' | 'package' | 'package-decoded';

export const readPixels = async (folder: string, name: string, kind: PixelKind): Promise<Uint8Array> =>
  new Uint8Array(await readFile(join(folder, `${name}.${kind}.rgb`)));
