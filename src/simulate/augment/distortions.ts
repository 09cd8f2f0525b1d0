import type { RgbImage } from '../image.ts';
import { resizePlain } from './resample.ts';
import { COLOUR_SPACES, type ColourMaths } from './ycbcr.ts';

/** The validators' distortions of one image. Severity 0 leaves it alone; n takes the n-th of five values. */
export type Severity = 0 | 1 | 2 | 3 | 4 | 5;

const SATURATION = [0.4, 0.3, 0.2, 0.1, 0] as const;
const CONTRAST = [0.85, 0.725, 0.6, 0.475, 0.35] as const;
const SHRINK = [2, 3, 4, 5, 6] as const;
const NOISE_VARIANCE = [0.001, 0.002, 0.005, 0.01, 0.05] as const;
const BLUR_KERNEL = [7, 9, 13, 17, 21] as const;

/** Cb and Cr towards 0.5 on their 0..255 scale. With `bytes` hardly any colour is left but a strong green cast. */
export function saturation(image: RgbImage, severity: Severity, maths: ColourMaths): RgbImage {
  const factor = valueAt(SATURATION, severity);
  if (factor === undefined) return image;
  const single = Math.fround(factor);
  const space = COLOUR_SPACES[maths];
  const ycbcr = space.to(image.data);
  for (let i = 0; i < ycbcr.length; i += 3) {
    ycbcr[i + 1] = 0.5 + Math.fround(Math.fround((ycbcr[i + 1] ?? 0) - 0.5) * single);
    ycbcr[i + 2] = 0.5 + Math.fround(Math.fround((ycbcr[i + 2] ?? 0) - 0.5) * single);
  }
  return { ...image, data: space.from(ycbcr) };
}

/** Darker: bytes times a factor, truncated. */
export function contrast(image: RgbImage, severity: Severity): RgbImage {
  const factor = valueAt(CONTRAST, severity);
  if (factor === undefined) return image;
  const table = Uint8Array.from({ length: 256 }, (_, v) => Math.trunc(Math.fround(v * Math.fround(factor))));
  return { ...image, data: image.data.map((v) => table[v] ?? 0) };
}

/** What the validators call JPEG: down by a whole number and up again, both without antialiasing. */
export function shrinkAndGrow(image: RgbImage, severity: Severity): RgbImage {
  const factor = valueAt(SHRINK, severity);
  if (factor === undefined) return image;
  const [w, h] = [Math.floor(image.width / factor), Math.floor(image.height / factor)];
  return w === 0 || h === 0 ? image : resizePlain(resizePlain(image, w, h), image.width, image.height);
}

/** Normal noise on Y', Cb and Cr alike. `normal` gives standard normal numbers, drawn pixel by pixel, Y first. */
export function noise(
  image: RgbImage,
  severity: Severity,
  maths: ColourMaths,
  normal: () => number,
): RgbImage {
  const variance = valueAt(NOISE_VARIANCE, severity);
  if (variance === undefined) return image;
  const amount = Math.sqrt(variance);
  const space = COLOUR_SPACES[maths];
  const ycbcr = space.to(image.data);
  for (let i = 0; i < ycbcr.length; i++)
    ycbcr[i] = (Math.fround((ycbcr[i] ?? 0) / 255) + amount * normal()) * 255;
  return { ...image, data: space.from(ycbcr) };
}

/** OpenCV's GaussianBlur with sigma = kernel / 6 and mirrored borders (the edge pixel itself is not repeated). */
export function blur(image: RgbImage, severity: Severity): RgbImage {
  const size = valueAt(BLUR_KERNEL, severity);
  if (size === undefined) return image;
  const { width, height, data } = image;
  const weights = gaussian(size, size / 6);
  const radius = (size - 1) / 2;
  const across = new Int32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3;
      for (let k = -radius; k <= radius; k++) {
        const weight = weights[k + radius] ?? 0;
        const from = (y * width + mirror(x + k, width)) * 3;
        for (let c = 0; c < 3; c++) across[to + c] = (across[to + c] ?? 0) + weight * (data[from + c] ?? 0);
      }
    }
  }
  const row = width * 3;
  const sums = new Int32Array(row);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = -radius; k <= radius; k++) {
      const weight = weights[k + radius] ?? 0;
      const from = mirror(y + k, height) * row;
      for (let i = 0; i < row; i++) sums[i] = (sums[i] ?? 0) + weight * (across[from + i] ?? 0);
    }
    for (let i = 0; i < row; i++) result[y * row + i] = ((sums[i] ?? 0) + 0x8000) >> 16;
  }
  return { width, height, data: result };
}

/** OpenCV's kernel for bytes: whole 256ths, each rounding error carried to the next, the middle taking the rest. */
function gaussian(size: number, sigma: number): number[] {
  const middle = (size - 1) / 2;
  const raw = Array.from({ length: size }, (_, i) => Math.exp(-((i - middle) ** 2) / (2 * sigma * sigma)));
  const total = raw.reduce((sum, w) => sum + w, 0);
  const weights = raw.map(() => 0);
  let carried = 0;
  let used = 0;
  for (let i = 0; i < middle; i++) {
    const exact = ((raw[i] ?? 0) / total) * 256 + carried;
    const weight = Math.round(exact);
    carried = exact - weight;
    weights[i] = weight;
    weights[size - 1 - i] = weight;
    used += 2 * weight;
  }
  weights[middle] = 256 - used;
  return weights;
}

function mirror(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const at = ((index % period) + period) % period;
  return at < length ? at : period - at;
}

function valueAt(values: readonly number[], severity: Severity): number | undefined {
  return severity === 0 ? undefined : values[severity - 1];
}
