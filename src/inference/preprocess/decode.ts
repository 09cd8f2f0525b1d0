import sharp, { type Sharp } from 'sharp';
import type { Reduction, RgbImage } from './resample.ts';

/** An image as RGB pixels, and what it was on arrival. */
export interface Decoded {
  /** Of the original size, or of a smaller one if the image was so large that it was decoded at a reduced scale. */
  readonly image: RgbImage;
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

export interface DecodeLimits {
  /** The most pixels an image may have. */
  readonly pixels: number;
  /** Never at a reduced scale: for kernels that take single pixels, which then no longer exist. */
  readonly whole?: boolean;
  /** The size (width, height) the pixels will be resampled to, given the original size. */
  readonly target: (width: number, height: number) => { readonly width: number; readonly height: number };
}

/** Larger images are decoded at a reduced scale. */
const WHOLE_PIXELS = 4_000_000;
/** And still larger ones at a scale smaller still. */
const HUGE_PIXELS = 16_000_000;

let prepared = false;

/** libvips for a process that decodes untrusted images one after another: no cache, one thread each, few formats. */
export function restrictDecoder(): void {
  if (prepared) return;
  prepared = true;
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadNsgifBuffer',
    ],
  });
}

/**
 * Decodes JPEG, PNG, WebP or GIF to the pixels of Pillow's `Image.open(…).convert('RGB')`: orientation tags and
 * embedded profiles are ignored, alpha is dropped, CMYK is converted by the plain formula, 16-bit grey is clipped, and
 * a truncated image keeps grey where data is missing (Pillow's LOAD_TRUNCATED_IMAGES). Bit-equal up to 4 megapixels;
 * above that JPEGs are decoded at a reduced scale of at least twice the target size.
 *
 * @throws Error when the bytes are no image or the image is too large
 */
export async function decode(bytes: Uint8Array, limits: DecodeLimits): Promise<Decoded> {
  restrictDecoder();
  const input = sharp(bytes, { failOn: 'none', limitInputPixels: limits.pixels, ignoreIcc: true });
  const { width, height, format, space } = await input.metadata();
  if (space === 'cmyk') return { image: await decodeCmyk(input), width, height, format };
  if (space === 'grey16') return { image: await decodeGrey16(input), width, height, format };
  const reduction = format === 'jpeg' ? reduce(input, width, height, limits) : undefined;
  const { data, info } = await input
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`the image decoded to ${info.channels} channels`);
  const image = { data, width: info.width, height: info.height };
  return { image: reduction ? { ...image, reduction } : image, width, height, format };
}

/**
 * libvips decodes at 1/2, 1/4 or 1/8 when the reduction is more than that, and resizes the rest of the way; so a third
 * and a fifth cost a decode at a half and a quarter. Letterboxed to 224 pixels, the result differs from Pillow's by 0.06
 * grey levels on average from a third, 0.1 from a fifth, and hardly anywhere by more than one.
 */
function reduce(input: Sharp, width: number, height: number, limits: DecodeLimits): Reduction | undefined {
  if (limits.whole || width * height <= WHOLE_PIXELS) return undefined;
  const target = limits.target(width, height);
  const divisor = (width * height > HUGE_PIXELS ? [5, 3] : [3]).find(
    (d) => width >= d * 2 * target.width && height >= d * 2 * target.height,
  );
  if (divisor === undefined) return undefined;
  const size = { width: Math.floor(width / divisor), height: Math.floor(height / divisor) };
  input.resize({ ...size, fit: 'fill', kernel: 'linear' });
  return { width, height, shrink: divisor === 5 ? 4 : 2 };
}

/** Pillow's cmyk2rgb: 255 − K, less its share of each ink. */
async function decodeCmyk(input: Sharp): Promise<RgbImage> {
  const { data: inks, info } = await input
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`the CMYK image decoded to ${info.channels} channels`);
  const data = new Uint8ClampedArray(info.width * info.height * 3);
  for (let from = 0, at = 0; at < data.length; from += 4, at += 3) {
    const white = 255 - (inks[from + 3] as number);
    for (let c = 0; c < 3; c++) {
      const product = (inks[from + c] as number) * white + 128;
      data[at + c] = white - (((product >> 8) + product) >> 8);
    }
  }
  return { data: new Uint8Array(data.buffer), width: info.width, height: info.height };
}

/** Pillow clips 16-bit grey to 8 bits instead of scaling it; a model trained on its pixels has to see the same. */
async function decodeGrey16(input: Sharp): Promise<RgbImage> {
  const { data, info } = await input
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(info.width * info.height * 3);
  const stride = info.channels * 2;
  for (let from = 0, at = 0; at < pixels.length; from += stride, at += 3) {
    pixels.fill(data.readUInt16LE(from), at, at + 3);
  }
  return { data: new Uint8Array(pixels.buffer), width: info.width, height: info.height };
}
