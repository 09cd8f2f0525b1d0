import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { createRandom } from '../../src/simulate/index.ts';

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-evaluate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A picture of patches, as bright on average as said (20 to 235): the fixture models answer by brightness. */
export async function photo(brightness: number, width = 48, height = 32): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  const rng = createRandom(brightness, 'photo');
  const patches = Array.from({ length: 48 }, () => rng.integer(-15, 15));
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    data[i] = brightness + (patches[Math.floor((8 * x) / width) + 8 * Math.floor((6 * y) / height)] ?? 0);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A folder of labelled pictures, named by their brightness. */
export async function photoFolder(brightness: {
  readonly roadwork: readonly number[];
  readonly none: readonly number[];
}): Promise<string> {
  const root = await temporaryFolder();
  for (const label of ['roadwork', 'none'] as const) {
    await mkdir(join(root, label));
    for (const each of brightness[label])
      await writeFile(join(root, label, `${each}.png`), await photo(each));
  }
  return root;
}
