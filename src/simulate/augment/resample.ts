import { blankImage, type RgbImage } from '../image.ts';

/** Which input pixels make up one output pixel along an axis, and how much of each. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `size` weights for each output pixel. */
  readonly weights: Float64Array;
  readonly size: number;
}

/** PIL's weights on bytes are whole multiples of 1 / 2²². */
const PIL_ONE = 2 ** 22;

/** Triangle filter that widens when an image gets smaller, as in PIL and in torch's antialiased bilinear. */
function triangleTaps(input: number, output: number, arithmetic: 'bytes' | 'float'): Taps {
  const scale = input / output;
  const support = Math.max(1, scale);
  const size = Math.ceil(support) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(output),
    count: new Int32Array(output),
    weights: new Float64Array(output * size),
    size,
  };
  for (let i = 0; i < output; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(input, Math.trunc(centre + support + 0.5));
    let total = 0;
    for (let k = first; k < end; k++) {
      const weight = Math.max(0, 1 - Math.abs((k + 0.5 - centre) / support));
      taps.weights[i * size + k - first] = weight;
      total += weight;
    }
    for (let k = 0; k < end - first; k++) {
      const weight = (taps.weights[i * size + k] ?? 0) / total;
      taps.weights[i * size + k] = arithmetic === 'bytes' ? Math.round(weight * PIL_ONE) / PIL_ONE : weight;
    }
    taps.first[i] = first;
    taps.count[i] = end - first;
  }
  return taps;
}

/**
 * Antialiased bilinear resize.
 * `bytes` rounds after each of the two passes, as PIL does on an image; `float` keeps the fractions and truncates
 * once at the end, as torchvision does on a tensor that is turned into bytes afterwards.
 */
export function resize(
  image: RgbImage,
  width: number,
  height: number,
  arithmetic: 'bytes' | 'float',
): RgbImage {
  if (image.width === width && image.height === height) return image;
  const finish =
    arithmetic === 'bytes' ? (value: number) => Math.floor(value + 0.5) : (value: number) => value;
  const across = triangleTaps(image.width, width, arithmetic);
  const half = new Float64Array(width * image.height * 3);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const first = across.first[x] ?? 0;
      const count = across.count[x] ?? 0;
      let [r, g, b] = [0, 0, 0];
      let from = (y * image.width + first) * 3;
      for (let k = 0; k < count; k++, from += 3) {
        const weight = across.weights[x * across.size + k] ?? 0;
        r += weight * (image.data[from] ?? 0);
        g += weight * (image.data[from + 1] ?? 0);
        b += weight * (image.data[from + 2] ?? 0);
      }
      const to = (y * width + x) * 3;
      half[to] = finish(r);
      half[to + 1] = finish(g);
      half[to + 2] = finish(b);
    }
  }
  const down = triangleTaps(image.height, height, arithmetic);
  const result = blankImage(width, height);
  const row = width * 3;
  const sums = new Float64Array(row);
  // Fractions like 99.99999999 are 100 in the single precision of the original, so nudge before truncating.
  const last = arithmetic === 'bytes' ? 0.5 : 1e-4;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    const first = down.first[y] ?? 0;
    for (let k = 0; k < (down.count[y] ?? 0); k++) {
      const weight = down.weights[y * down.size + k] ?? 0;
      const from = (first + k) * row;
      for (let i = 0; i < row; i++) sums[i] = (sums[i] ?? 0) + weight * (half[from + i] ?? 0);
    }
    for (let i = 0; i < row; i++) result.data[y * row + i] = Math.min(255, Math.floor((sums[i] ?? 0) + last));
  }
  return result;
}

/** Bits of OpenCV's interpolation weights. */
const ONE = 2048;

/**
 * OpenCV's INTER_LINEAR on bytes, in its own fixed point: two taps an axis and no antialiasing; halving both sides
 * is the mean of four pixels.
 */
export function resizePlain(image: RgbImage, width: number, height: number): RgbImage {
  const result = blankImage(width, height);
  const { data } = image;
  if (image.width === 2 * width && image.height === 2 * height) {
    const row = image.width * 3;
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < width * 3; i++) {
        const at = 2 * y * row + 2 * i - (i % 3);
        const sum = (data[at] ?? 0) + (data[at + 3] ?? 0) + (data[at + row] ?? 0) + (data[at + row + 3] ?? 0);
        result.data[y * width * 3 + i] = (sum + 2) >> 2;
      }
    }
    return result;
  }
  const across = linearTaps(image.width, width);
  const down = linearTaps(image.height, height);
  for (let y = 0; y < height; y++) {
    const top = (down.low[y] ?? 0) * image.width;
    const bottom = (down.high[y] ?? 0) * image.width;
    const lowerPart = down.part[y] ?? 0;
    for (let x = 0; x < width; x++) {
      const left = across.low[x] ?? 0;
      const right = across.high[x] ?? 0;
      const rightPart = across.part[x] ?? 0;
      for (let c = 0; c < 3; c++) {
        const at = (index: number): number => data[index * 3 + c] ?? 0;
        const upper = at(top + left) * (ONE - rightPart) + at(top + right) * rightPart;
        const lower = at(bottom + left) * (ONE - rightPart) + at(bottom + right) * rightPart;
        const sum = (((upper >> 4) * (ONE - lowerPart)) >> 16) + (((lower >> 4) * lowerPart) >> 16);
        result.data[(y * width + x) * 3 + c] = (sum + 2) >> 2;
      }
    }
  }
  return result;
}

/** `part` is the weight of `high` in 2048ths. */
function linearTaps(input: number, output: number): { low: Int32Array; high: Int32Array; part: Int32Array } {
  const low = new Int32Array(output);
  const high = new Int32Array(output);
  const part = new Int32Array(output);
  for (let i = 0; i < output; i++) {
    const at = Math.min(input - 1, Math.max(0, Math.fround(((i + 0.5) * input) / output - 0.5)));
    low[i] = Math.floor(at);
    high[i] = Math.min(input - 1, Math.floor(at) + 1);
    part[i] = Math.round((at - Math.floor(at)) * ONE);
  }
  return { low, high, part };
}
