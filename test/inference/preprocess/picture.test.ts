import sharp, { type Metadata, type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { pictureOf } from '../../../src/inference/preprocess/picture.ts';

const LIMITS = { pixels: 50_000_000, side: 256 };

function noise(width: number, height: number): Sharp {
  const data = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function isWhole(jpeg: Uint8Array): Promise<Metadata> {
  await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer();
  return sharp(jpeg).metadata();
}

test('a JPEG as validators send it goes as it came', async () => {
  const jpeg = await noise(224, 224).jpeg({ quality: 75 }).toBuffer();
  const picture = await pictureOf(jpeg, LIMITS);
  expect(picture).toEqual({
    jpeg,
    sent: { width: 224, height: 224 },
    width: 224,
    height: 224,
    format: 'jpeg',
  });
});

test.each([
  ['PNG with alpha', () => noise(100, 50).ensureAlpha().png().toBuffer(), 100, 50],
  ['WebP', () => noise(100, 50).webp().toBuffer(), 100, 50],
  ['grey 16 bits', () => noise(64, 64).toColourspace('grey16').png().toBuffer(), 64, 64],
  ['CMYK', () => noise(64, 64).toColourspace('cmyk').jpeg().toBuffer(), 64, 64],
])('%s is sent as a JPEG of the same size', async (_, make, width, height) => {
  const picture = await pictureOf(await make(), LIMITS);
  expect(picture).toMatchObject({ width, height, sent: { width, height } });
  expect(await isWhole(picture.jpeg)).toMatchObject({ format: 'jpeg', width, height, channels: 3 });
});

test('a large one is sent smaller, in its own proportions', async () => {
  const picture = await pictureOf(await noise(1_000, 500).jpeg().toBuffer(), LIMITS);
  expect(picture).toMatchObject({ width: 1_000, height: 500, sent: { width: 256, height: 128 } });
  expect(await isWhole(picture.jpeg)).toMatchObject({ width: 256, height: 128 });
});

test('where a picture was taken is not sent along', async () => {
  const exif = { IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitude: '1/1 2/1 3/1' } };
  const jpeg = await noise(64, 64).withExif(exif).jpeg().toBuffer();
  expect((await sharp(jpeg).metadata()).exif).toBeDefined();
  const picture = await pictureOf(jpeg, LIMITS);
  expect((await isWhole(picture.jpeg)).exif).toBeUndefined();
});

test('a JPEG that is cut off is sent whole, with grey where nothing is', async () => {
  const jpeg = await noise(224, 224).jpeg().toBuffer();
  const cut = jpeg.subarray(0, jpeg.length / 2);
  await expect(isWhole(cut)).rejects.toThrow();
  const picture = await pictureOf(cut, LIMITS);
  expect(await isWhole(picture.jpeg)).toMatchObject({ width: 224, height: 224 });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ['a head without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
])('%s is no picture', async (_, bytes) => {
  await expect(pictureOf(bytes, LIMITS)).rejects.toThrow();
});

test('a picture of too many pixels is none', async () => {
  const jpeg = await noise(200, 200).jpeg().toBuffer();
  await expect(pictureOf(jpeg, { pixels: 10_000, side: 256 })).rejects.toThrow(/pixel limit/);
});
