/**
 * OpenCV's 8-bit BGR ↔ YCrCb in its own fixed point (14 bits), and on top of it the scaled luma of the validators'
 * distortions: Y' = (Y·219 + 16) / 255, with Cb and Cr left on their 0..255 scale.
 */

const SHIFT = 14;
const HALF = 1 << (SHIFT - 1);
const MIDDLE = 128 << SHIFT;

/** Y', Cb, Cr of every pixel, three floats each. */
export function toYcbcr(rgb: Uint8Array): Float32Array {
  const result = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    const r = rgb[i] ?? 0;
    const g = rgb[i + 1] ?? 0;
    const b = rgb[i + 2] ?? 0;
    const y = (r * 4899 + g * 9617 + b * 1868 + HALF) >> SHIFT;
    result[i] = Math.fround(Math.fround(y * 219) + 16) / 255;
    result[i + 1] = clip(((b - y) * 9241 + MIDDLE + HALF) >> SHIFT);
    result[i + 2] = clip(((r - y) * 11682 + MIDDLE + HALF) >> SHIFT);
  }
  return result;
}

/** The way back: luma unscaled, everything clipped to 0..255 and truncated to bytes, then to RGB. */
export function fromYcbcr(ycbcr: Float32Array): Uint8Array {
  const f = Math.fround;
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
}

function truncate(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}

function clip(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
