import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { showBytes } from '../../src/inference/shown-bytes.ts';

/** A picture in which every pixel tells where it is. */
async function picture(width: number, height: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([x % 256, y % 256, 7], (y * width + x) * 3);
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

const pixels = async (png: Uint8Array | undefined) =>
  await sharp(png).raw().toBuffer({ resolveWithObject: true });

test('the mirror image and the lower corners, pixel by pixel', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      async (width, height) => {
        const bytes = await picture(width, height);
        const show = showBytes(10_000);
        expect(await show({ bytes })).toBe(bytes);
        const [mirror, left, right] = await Promise.all(
          (['mirror', 'left', 'right'] as const).map((view) => show({ bytes, view })),
        );
        const mirrored = await pixels(mirror);
        expect([mirrored.info.width, mirrored.info.height]).toEqual([width, height]);
        expect(mirrored.data[0]).toBe(width - 1);
        const part = {
          width: Math.max(1, Math.round(width * 0.9)),
          height: Math.max(1, Math.round(height * 0.9)),
        };
        for (const [view, x] of [
          [left, 0],
          [right, width - part.width],
        ] as const) {
          const { data, info } = await pixels(view);
          expect([info.width, info.height]).toEqual([part.width, part.height]);
          expect([data[0], data[1]]).toEqual([x, height - part.height]);
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('large pictures are made smaller, what is no picture is refused', async () => {
  const mirror = await showBytes(3_000_000)({ bytes: await picture(2_400, 1_200), view: 'mirror' });
  const { info } = await pixels(mirror);
  expect([info.width, info.height]).toEqual([1_024, 512]);
  await expect(showBytes(100)({ bytes: new Uint8Array([1, 2, 3]), view: 'mirror' })).rejects.toThrow();
});

test('views of pictures in turns are those of the right one', async () => {
  const show = showBytes(10_000);
  const pictures = [await picture(20, 10), await picture(10, 20)];
  const shown = await Promise.all(
    [0, 1, 0, 1, 1, 0].map(async (which) => {
      const view = await show({ bytes: pictures[which] ?? Buffer.alloc(0), view: 'mirror' });
      return (await pixels(view)).info.width === [20, 10][which];
    }),
  );
  expect(shown).toEqual(Array(6).fill(true));
});
