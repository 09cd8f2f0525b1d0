import { Sv72Error } from '../errors/index.ts';
import type { RgbImage } from './image.ts';

/** Pixels of the largest image that is read, as many as the miner accepts. */
const MAX_PIXELS = 50e6;

/** A JPEG as PIL saves it by default: quality 75, 4:2:0, baseline, the standard tables, no metadata. */
export async function encodeJpeg({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: 2 ** 27 })
    .jpeg({ quality: 75, chromaSubsampling: '4:2:0', optimiseCoding: false, mozjpeg: false })
    .toBuffer();
}

/**
 * Reads an image as PIL's `convert("RGB")` does: no EXIF rotation, no colour profile, damaged data read as far as it goes.
 * @throws Sv72Error ERR_IMAGE_READ
 */
export async function decodeImage(bytes: Uint8Array, name = 'The image'): Promise<RgbImage> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, {
      failOn: 'none',
      limitInputPixels: MAX_PIXELS,
      ignoreIcc: true,
    })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (cause) {
    throw new Sv72Error('ERR_IMAGE_READ', `${name} could not be read as an image.`, { cause });
  }
}
