import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/inference/preprocess/decode.ts';
import { drawScene } from '../../../src/simulate/index.ts';
import { plain } from '../models.ts';

const limits = { pixels: 50_000_000, target: () => ({ width: 224, height: 224 }) };

// Drawn first: the decoder switches off what draws it (SVG) for the whole process.
const { image: drawn } = await drawScene(7);

function picture(width: number, height: number): Sharp {
  const raw = { width: drawn.width, height: drawn.height, channels: 3 as const };
  return sharp(drawn.data, { raw }).resize(width, height, { fit: 'fill' });
}

describe('what an image is on arrival is told', () => {
  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('%s', async (format) => {
    const bytes = await picture(40, 30).toFormat(format).toBuffer();
    const decoded = await decode(bytes, limits);
    expect(decoded).toMatchObject({ width: 40, height: 30, format });
    expect(decoded.image.data.length).toBe(40 * 30 * 3);
  });

  test('grey, alpha and CMYK become RGB', async () => {
    const image = picture(20, 10);
    const grey = await decode(await image.clone().greyscale().jpeg().toBuffer(), limits);
    expect(grey.image.data[0]).toBe(grey.image.data[2]);
    const alpha = await decode(await image.clone().ensureAlpha(0.5).png().toBuffer(), limits);
    expect(Buffer.from(alpha.image.data)).toEqual(await image.clone().raw().toBuffer());
    const cmyk = await decode(await image.clone().toColourspace('cmyk').jpeg().toBuffer(), limits);
    expect(cmyk.image.data.length).toBe(20 * 10 * 3);
  });

  test('an orientation tag is left alone', async () => {
    const bytes = await picture(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decode(bytes, limits)).toMatchObject({
      width: 40,
      height: 20,
      image: { width: 40, height: 20 },
    });
  });

  test('an embedded profile is left alone', async () => {
    const image = picture(40, 20);
    const tagged = await decode(await image.clone().png().withIccProfile('p3').toBuffer(), limits);
    const { data } = await sharp(await image.clone().png().withIccProfile('p3').toBuffer(), {
      ignoreIcc: true,
    })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Buffer.from(tagged.image.data).equals(data)).toBe(true);
  });

  test('a large JPEG is decoded at a reduced scale, well above the size it is for', async () => {
    const bytes = await picture(4032, 3024).jpeg({ quality: 75 }).toBuffer();
    const { width, height, image } = await decode(bytes, limits);
    expect([width, height]).toEqual([4032, 3024]);
    expect([image.width, image.height]).toEqual([1344, 1008]);
    const whole = await decode(bytes, { ...limits, target: () => ({ width: 3000, height: 3000 }) });
    expect(whole.image.width).toBe(4032);
  });
});

describe('what cannot be decoded', () => {
  test('a cut JPEG is decoded as far as it goes', async () => {
    const bytes = await picture(64, 64).jpeg().toBuffer();
    const decoded = await decode(bytes.subarray(0, bytes.length / 2), limits);
    expect(decoded.image.data.length).toBe(64 * 64 * 3);
  });

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<html>not found</html>')],
    [
      'an SVG: this loader is switched off',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['the start of a JPEG', Buffer.from('ffd8ffe000104a46494600', 'hex')],
  ])('%s', async (_, bytes) => {
    await expect(decode(bytes, limits)).rejects.toThrow();
  });

  test('a format that is switched off', async () => {
    const tiff = await picture(8, 8).tiff().toBuffer();
    await expect(decode(tiff, limits)).rejects.toThrow();
  });

  test('more pixels than allowed, told by the header alone', async () => {
    const bytes = await plain(9, { width: 100, height: 100 });
    await expect(decode(bytes, { ...limits, pixels: 9999 })).rejects.toThrow(/pixel limit/i);
    await expect(decode(bytes, { ...limits, pixels: 10_000 })).resolves.toMatchObject({ width: 100 });
  });
});

test('bytes that were changed at random are decoded or refused, never more', async () => {
  const jpeg = await picture(96, 64).jpeg().toBuffer();
  const png = await picture(24, 16).png().toBuffer();
  const attempt = async (bytes: Uint8Array) => {
    const decoded = await decode(bytes, { ...limits, pixels: 1_000_000 }).catch((error: unknown) => error);
    if (decoded instanceof Error) return;
    expect(decoded).toMatchObject({ image: { data: expect.any(Uint8Array) } });
  };
  await attempt(Buffer.from([0xff]));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(jpeg, png),
      fc.array(fc.record({ at: fc.nat(4000), value: fc.nat(255) }), { minLength: 1, maxLength: 20 }),
      async (image, changes) => {
        const bytes = Buffer.from(image);
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        await attempt(bytes);
      },
    ),
    { numRuns: 200 },
  );
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), attempt), { numRuns: 200 });
});
