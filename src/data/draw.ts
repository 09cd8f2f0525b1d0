import { drawScene } from '../simulate/index.ts';
import type { DatasetSource } from './format.ts';
import { type NewPicture, type WriteDatasetOptions, type WrittenDataset, writeDataset } from './write.ts';

/** Scenes of `challenge`, and those that the demonstration model learned and was measured on, have smaller seeds. */
const FIRST_SEED = 10_000_000_000;
const SEEDS_APART = 1_000_000;

const SOURCE: DatasetSource = {
  id: 'drawn',
  title: 'Street scenes drawn by sv72',
  licence: 'CC0-1.0',
  attribution: null,
  url: null,
  revision: null,
};

export interface DrawOptions extends Omit<WriteDatasetOptions, 'sources' | 'pictures' | 'expected'> {
  /** Scenes, half with road works; at most a million. */
  readonly count: number;
  /** Another number, other scenes: no two seeds share one. */
  readonly seed: number;
  /** Pixels; the height is three quarters of it. Default 320. */
  readonly width?: number;
}

/**
 * Makes a dataset of drawn street scenes with the points of their road works: for trying things out, and for tests.
 * The same seed, count, width and version of sharp give the same fingerprint.
 */
export async function drawDataset({ count, seed, width, ...options }: DrawOptions): Promise<WrittenDataset> {
  return await writeDataset({
    ...options,
    split: options.split ?? { seed },
    sources: [SOURCE],
    pictures: scenes(FIRST_SEED + seed * SEEDS_APART, count, width),
    expected: count,
    state: `${count} ${seed} ${width ?? ''}`,
  });
}

function* scenes(first: number, count: number, width?: number): Generator<NewPicture> {
  for (let index = 0; index < count; index++) {
    const seed = first + index;
    const label = index % 2 === 0 ? 1 : 0;
    yield {
      origin: `scene ${seed} ${width ?? ''}`,
      async load() {
        const { image, maskPoints } = await drawScene(seed, { label, ...(width !== undefined && { width }) });
        const { default: sharp } = await import('sharp');
        const raw = { width: image.width, height: image.height, channels: 3 as const };
        const bytes = await sharp(image.data, { raw, limitInputPixels: 2 ** 27 })
          .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
          .toBuffer();
        return { bytes, objects: maskPoints.map(({ x, y }) => [round(x), round(y)] as const) };
      },
      label,
      source: SOURCE.id,
      group: `scene:${seed}`,
      tags: ['drawn'],
    };
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
