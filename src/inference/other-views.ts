/** The picture mirrored, or nine tenths of it, from its lower left or right corner: where the road is. */
export type OtherView = 'mirror' | 'left' | 'right';

/** Larger pictures are made smaller first, pixels: a model sees a small one anyway. */
const LONGEST = 1_024;
const MOST_PIXELS = 50_000_000;
const PART = 0.9;

/**
 * Other views of a picture, as PNG: no second loss of quality. libvips is loaded on first use, so that a process which
 * never needs this does without its memory.
 *
 * @throws Error when the bytes are no image or the image is too large
 */
export async function otherViews(image: Uint8Array, wanted: readonly OtherView[]): Promise<Uint8Array[]> {
  const [{ decode }, { default: sharp }] = await Promise.all([
    import('./preprocess/decode.ts'),
    import('sharp'),
  ]);
  const target = (width: number, height: number) => {
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  };
  const { image: decoded } = await decode(image, { pixels: MOST_PIXELS, target });
  const { data, width, height } = decoded;
  const size = target(width, height);
  const part = {
    width: Math.max(1, Math.round(width * PART)),
    height: Math.max(1, Math.round(height * PART)),
  };
  const top = height - part.height;
  return await Promise.all(
    wanted.map(async (view) => {
      const pixels = sharp(data, { raw: { width, height, channels: 3 } });
      if (view === 'mirror') pixels.flop();
      else pixels.extract({ left: view === 'left' ? 0 : width - part.width, top, ...part });
      if (size.width < width) pixels.resize({ ...size, fit: 'inside', kernel: 'linear' });
      return await pixels.png({ compressionLevel: 1 }).toBuffer();
    }),
  );
}
