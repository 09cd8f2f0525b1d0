import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { DatasetSource, NewPicture } from '../../src/data/index.ts';
import { createRandom } from '../../src/simulate/index.ts';

export const SOURCE: DatasetSource = {
  id: 'sample',
  title: 'Sample pictures',
  licence: 'CC0-1.0',
  attribution: null,
  url: null,
  revision: null,
};

export const MADE = { by: 'sv72 test', command: null };

/** A folder that goes away with the test. */
export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sv72-data-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Coarse random blotches: each seed looks unlike every other. */
export async function blotches(
  seed: number,
  { width = 64, height = 48, format = 'jpeg' as 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' } = {},
): Promise<Uint8Array> {
  const random = createRandom(seed, 'blotches');
  const raw = Buffer.from(Array.from({ length: 8 * 6 * 3 }, () => random.integer(0, 255)));
  return await sharp(raw, { raw: { width: 8, height: 6, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .toFormat(format)
    .toBuffer();
}

export function newPicture(seed: number, more: Partial<NewPicture> = {}): NewPicture {
  return {
    origin: `blotches ${seed}`,
    load: () => blotches(seed),
    label: seed % 2 === 0 ? 0 : 1,
    source: 'sample',
    ...more,
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
