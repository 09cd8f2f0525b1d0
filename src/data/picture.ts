import { createHash } from 'node:crypto';
import type { DatasetEntry } from './format.ts';
import { HASH_SIDE, perceptualHash } from './phash.ts';

/** Pixels of the largest picture that is taken, as many as the miner accepts. */
const MAX_PIXELS = 50e6;

/** What the dataset needs to know of a picture's bytes. */
export interface Inspected extends Pick<DatasetEntry, 'sha256' | 'format' | 'width' | 'height' | 'phash'> {
  /** The bytes to keep: those given, or a lossless copy where the format is one that the trainer may not read. */
  readonly bytes: Uint8Array;
  /** Width that is kept for each pixel of width that was given. */
  readonly scale: number;
}

export interface InspectOptions {
  /** Scales a picture whose shorter side is longer than this down to it (JPEG, quality 95). */
  readonly shorterSide?: number;
}

/**
 * Decodes a picture from its first byte to its last, so that a damaged one cannot slip in and turn grey or black later.
 *
 * @returns what it is, or in words why it cannot be taken.
 */
export async function inspectPicture(
  bytes: Uint8Array,
  { shorterSide }: InspectOptions = {},
): Promise<Inspected | string> {
  const { default: sharp } = await import('sharp');
  const open = (from: Uint8Array) =>
    sharp(from, { failOn: 'warning', limitInputPixels: MAX_PIXELS, ignoreIcc: true });
  try {
    const { format, width, height, pages } = await open(bytes).metadata();
    let kept = bytes;
    const shrinks = shorterSide !== undefined && Math.min(width, height) > shorterSide;
    if (shrinks || !isKept(format) || (pages ?? 1) > 1) {
      const copy = open(bytes).removeAlpha().toColourspace('srgb');
      kept = await (shrinks
        ? copy
            .resize({ ...shrunk(width, height, shorterSide), fit: 'fill', kernel: 'lanczos3' })
            .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        : copy.png()
      ).toBuffer();
      const inner = await inspectPicture(kept);
      return typeof inner === 'string' ? inner : { ...inner, scale: inner.width / width };
    }
    if (!isKept(format)) return `its format ${format} is not one that is read`;
    const grey = await open(kept)
      .removeAlpha()
      .toColourspace('b-w')
      .resize(HASH_SIDE, HASH_SIDE, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    return {
      bytes: kept,
      scale: 1,
      sha256: createHash('sha256').update(kept).digest('hex'),
      format,
      width,
      height,
      phash: perceptualHash(grey),
    };
  } catch (error) {
    return reason(error);
  }
}

/** Width and height of a picture whose shorter side is made this long. */
function shrunk(width: number, height: number, shorterSide: number): { width: number; height: number } {
  const scale = Math.min(1, shorterSide / Math.min(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function isKept(format: string | undefined): format is DatasetEntry['format'] {
  return format === 'jpeg' || format === 'png' || format === 'webp';
}

/** libvips says several lines, the same thing more than once. */
function reason(error: unknown): string {
  const [first = 'it cannot be decoded'] = String(error instanceof Error ? error.message : error)
    .split('\n')
    .map((line) => line.trim().replace(/^Vips\w+Loader?: |^\w+: /, ''))
    .filter((line) => line !== '');
  return first.slice(0, 200);
}
