import type { Shown } from './engine.ts';

/** Larger pictures are made smaller first, pixels: a model sees a small one anyway. */
const LONGEST = 1_024;
const PART = 0.9;

/**
 * The bytes of what is shown of an image: its own, or another view as PNG (no second loss of quality). For engine
 * processes: libvips meets the bytes of strangers there only, and is loaded on first use.
 *
 * @param pixels the most of an image
 * @throws Error when the bytes are no image or the image is too large
 */
export async function shownBytes({ bytes, view }: Shown, pixels: number): Promise<Uint8Array> {
  if (view === undefined) return bytes;
  const [{ decode }, { default: sharp }] = await Promise.all([
    import('./preprocess/decode.ts'),
    import('sharp'),
  ]);
  const target = (width: number, height: number) => {
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  };
  const { image: decoded } = await decode(bytes, { pixels, target });
  const { data, width, height } = decoded;
  const size = target(width, height);
  const made = sharp(data, { raw: { width, height, channels: 3 } });
  if (view === 'mirror') made.flop();
  else {
    const part = {
      width: Math.max(1, Math.round(width * PART)),
      height: Math.max(1, Math.round(height * PART)),
    };
    made.extract({ left: view === 'left' ? 0 : width - part.width, top: height - part.height, ...part });
  }
  if (size.width < width) made.resize({ ...size, fit: 'inside', kernel: 'linear' });
  return await made.png({ compressionLevel: 1 }).toBuffer();
}
