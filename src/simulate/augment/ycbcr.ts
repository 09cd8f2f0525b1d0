/**
 * The colour space of the validators' distortions, in RGB bytes and out: Y', Cb, Cr of every pixel, three floats each,
 * where Y' = (Y·219 + 16) / 255.
 */
export interface ColourSpace {
  to(rgb: Uint8Array): Float32Array;
  /** Clips and truncates to bytes. */
  from(ycbcr: Float32Array): Uint8Array;
}

/**
 * `bytes`: OpenCV converts bytes, so grey is at 128 and saturation, which pulls towards 0.5, leaves a green cast.
 * `floats`: OpenCV converts floats, so grey is at 0.5 and saturation fades colours.
 * See docs/decisions/0011.
 */
export type ColourMaths = 'bytes' | 'floats';

const f = Math.fround;
const SHIFT = 14;
const HALF = 1 << (SHIFT - 1);
const MIDDLE = 128 << SHIFT;

/** OpenCV's 8-bit BGR ↔ YCrCb in its own fixed point; Cb and Cr stay on their 0..255 scale. */
const bytes: ColourSpace = {
  to: (rgb) => {
    const result = new Float32Array(rgb.length);
    for (let i = 0; i < rgb.length; i += 3) {
      const r = rgb[i] ?? 0;
      const g = rgb[i + 1] ?? 0;
      const b = rgb[i + 2] ?? 0;
      const y = (r * 4899 + g * 9617 + b * 1868 + HALF) >> SHIFT;
      result[i] = f(f(y * 219) + 16) / 255;
      result[i + 1] = clip(((b - y) * 9241 + MIDDLE + HALF) >> SHIFT);
      result[i + 2] = clip(((r - y) * 11682 + MIDDLE + HALF) >> SHIFT);
    }
    return result;
  },
  from: (ycbcr) => {
    const result = new Uint8Array(ycbcr.length);
    for (let i = 0; i < ycbcr.length; i += 3) {
      const y = truncate(f(f(f((ycbcr[i] ?? 0) * 255) - 16) / 219));
      const cb = truncate(ycbcr[i + 1] ?? 0) - 128;
      const cr = truncate(ycbcr[i + 2] ?? 0) - 128;
      result[i] = clip(y + ((cr * 22987 + HALF) >> SHIFT));
      result[i + 1] = clip(y + ((cb * -5636 + cr * -11698 + HALF) >> SHIFT));
      result[i + 2] = clip(y + ((cb * 29049 + HALF) >> SHIFT));
    }
    return result;
  },
};

/** OpenCV's conversion of floats; Cb and Cr are scaled too: c' = (c·224 + 16) / 255. */
const floats: ColourSpace = {
  to: (rgb) => {
    const result = new Float32Array(rgb.length);
    for (let i = 0; i < rgb.length; i += 3) {
      const r = rgb[i] ?? 0;
      const g = rgb[i + 1] ?? 0;
      const b = rgb[i + 2] ?? 0;
      const y = f(r * 0.299 + g * 0.587 + b * 0.114);
      result[i] = f(f(y * 219) + 16) / 255;
      result[i + 1] = f(f(f((b - y) * 0.564 + 0.5) * 224) + 16) / 255;
      result[i + 2] = f(f(f((r - y) * 0.713 + 0.5) * 224) + 16) / 255;
    }
    return result;
  },
  from: (ycbcr) => {
    const result = new Uint8Array(ycbcr.length);
    for (let i = 0; i < ycbcr.length; i += 3) {
      const y = f(f(f((ycbcr[i] ?? 0) * 255) - 16) / 219);
      const cb = f(f(f((ycbcr[i + 1] ?? 0) * 255) - 16) / 224) - 0.5;
      const cr = f(f(f((ycbcr[i + 2] ?? 0) * 255) - 16) / 224) - 0.5;
      result[i] = truncate(f(y + 1.403 * cr));
      result[i + 1] = truncate(f(y - 0.344 * cb - 0.714 * cr));
      result[i + 2] = truncate(f(y + 1.773 * cb));
    }
    return result;
  },
};

export const COLOUR_SPACES: Readonly<Record<ColourMaths, ColourSpace>> = { bytes, floats };

function truncate(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

function clip(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
