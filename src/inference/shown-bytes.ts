import { hash } from 'node:crypto';
import type { Shown } from './engine.ts';

/** Larger pictures are made smaller first, pixels: a model sees a small one anyway. */
const LONGEST = 1_024;
const PART = 0.9;

/** A picture in RGB, three bytes a pixel, row by row from the top. */
interface Small {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes the bytes of what is shown of an image: its own, or another view as PNG (no second loss of quality). It rejects
 * when the bytes are no image or the image is too large.
 */
export type ShowBytes = (shown: Shown) => Promise<Uint8Array>;

/**
 * For engine processes: libvips meets the bytes of strangers there only, and is loaded on first use. The picture that was
 * shown last is remembered, small, since its other views are asked for right after each other.
 *
 * @param pixels the most of an image
 */
export function showBytes(pixels: number): ShowBytes {
  let last: { readonly of: string; readonly small: Promise<Small> } | undefined;
  return async ({ bytes, view }) => {
    if (view === undefined) return bytes;
    const of = hash('sha256', bytes);
    if (last?.of !== of) last = { of, small: smallPicture(bytes, pixels) };
    const { data, width, height } = await last.small;
    const { default: sharp } = await import('sharp');
    const made = sharp(data, { raw: { width, height, channels: 3 } });
    if (view === 'mirror') made.flop();
    else {
      const part = {
        width: Math.max(1, Math.round(width * PART)),
        height: Math.max(1, Math.round(height * PART)),
      };
      made.extract({ left: view === 'left' ? 0 : width - part.width, top: height - part.height, ...part });
    }
    return await made.png({ compressionLevel: 1 }).toBuffer();
  };
}

async function smallPicture(bytes: Uint8Array, pixels: number): Promise<Small> {
  const [{ decode }, { default: sharp }] = await Promise.all([
    import('./preprocess/decode.ts'),
    import('sharp'),
  ]);
  const target = (width: number, height: number) => {
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  };
  const { image } = await decode(bytes, { pixels, target });
  const { data, width, height } = image;
  const size = target(width, height);
  if (size.width === width) return { data, width, height };
  const made = sharp(data, { raw: { width, height, channels: 3 } });
  made.resize({ ...size, fit: 'fill', kernel: 'linear' });
  return { data: await made.raw().toBuffer(), ...size };
}
