/**
 * Resampling as Pillow does it (Pillow's Resample.c: separable, 8-bit result after each pass, fixed-point weights),
 * so that a model sees the same pixels here and in the Python code that trained it. All images are RGB, 8 bits,
 * interleaved, without padding.
 */

export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Of an image that was decoded at a reduced scale. */
  readonly reduction?: Reduction;
}

/** The size an image had, and by how much libjpeg shrank it before libvips resized it with its linear kernel. */
export interface Reduction {
  readonly width: number;
  readonly height: number;
  readonly shrink: 2 | 4;
}

export type Kernel = 'nearest' | 'linear' | 'cubic' | 'lanczos3';

/** Pillow's PRECISION_BITS: 32 bits less 8 for the pixel and 2 for overshoot. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

interface Filter {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const FILTERS: Readonly<Record<Exclude<Kernel, 'nearest'>, Filter>> = {
  linear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' kernel with a = -0.5, as in Pillow and in torchvision's antialiased bicubic.
  cubic: {
    support: 2,
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
  lanczos3: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** For each output position: the first input position, how many, and their fixed-point weights in a row of `taps`. */
interface Weights {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
}

function weightsFor(from: number, to: number, filter: Filter, antialias: boolean): Weights {
  const scale = from / to;
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const support = filter.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * taps);
  const row = new Float64Array(taps);
  for (let out = 0; out < to; out++) {
    const centre = (out + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const high = Math.min(from, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let i = 0; i < high - low; i++) {
      const w = filter.weight((i + low - centre + 0.5) / stretch);
      row[i] = w;
      sum += w;
    }
    first[out] = low;
    count[out] = high - low;
    for (let i = 0; i < high - low; i++) {
      const w = (sum === 0 ? 0 : (row[i] ?? 0) / sum) * (1 << PRECISION_BITS);
      weights[out * taps + i] = Math.trunc(w < 0 ? w - 0.5 : w + 0.5);
    }
  }
  return { taps, first, count, weights };
}

/** Pillow's weights as parts of one: for each output position, of the input from `first` on. */
export function exactWeights(
  from: number,
  to: number,
  kernel: Exclude<Kernel, 'nearest'>,
): { readonly first: number; readonly weights: Float64Array }[] {
  const { taps, first, count, weights } = weightsFor(from, to, FILTERS[kernel], true);
  return Array.from({ length: to }, (_, out) => {
    const row = weights.subarray(out * taps, out * taps + (count[out] as number));
    return {
      first: first[out] as number,
      weights: Float64Array.from(row, (weight) => weight / (1 << PRECISION_BITS)),
    };
  });
}

/** Resizes to exactly `width` × `height`; the image itself when it already has that size. */
export function resample(
  image: RgbImage,
  width: number,
  height: number,
  kernel: Kernel,
  antialias: boolean,
): RgbImage {
  if (image.width === width && image.height === height) return image;
  if (kernel === 'nearest') return nearest(image, width, height);
  const filter = FILTERS[kernel];
  const across = (from: RgbImage): RgbImage =>
    from.width === width ? from : horizontal(from, width, weightsFor(from.width, width, filter, antialias));
  const down = (from: RgbImage): RgbImage =>
    from.height === height
      ? from
      : vertical(from, height, weightsFor(from.height, height, filter, antialias));
  // Since Pillow 13 the vertical pass comes first where it takes away more; each pass rounds, so the order shows.
  const tall = image.height > height && image.height - height > 2 * (image.width - width);
  return tall ? across(down(image)) : down(across(image));
}

function horizontal(image: RgbImage, width: number, plan: Weights): RgbImage {
  const { data: source, height } = image;
  const { taps, first, count, weights } = plan;
  const data = new Uint8ClampedArray(width * height * 3);
  const stride = image.width * 3;
  for (let y = 0, at = 0; y < height; y++) {
    const line = y * stride;
    for (let x = 0; x < width; x++, at += 3) {
      let r = HALF;
      let g = HALF;
      let b = HALF;
      let from = line + (first[x] as number) * 3;
      const start = x * taps;
      const end = start + (count[x] as number);
      for (let i = start; i < end; i++, from += 3) {
        const w = weights[i] as number;
        r = (r + Math.imul(source[from] as number, w)) | 0;
        g = (g + Math.imul(source[from + 1] as number, w)) | 0;
        b = (b + Math.imul(source[from + 2] as number, w)) | 0;
      }
      data[at] = r >> PRECISION_BITS;
      data[at + 1] = g >> PRECISION_BITS;
      data[at + 2] = b >> PRECISION_BITS;
    }
  }
  return { data: new Uint8Array(data.buffer), width, height };
}

function vertical(image: RgbImage, height: number, plan: Weights): RgbImage {
  const { data: source, width } = image;
  const { taps, first, count, weights } = plan;
  const stride = width * 3;
  const data = new Uint8ClampedArray(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    const start = y * taps;
    let from = (first[y] as number) * stride;
    for (let i = start; i < start + (count[y] as number); i++) {
      const w = weights[i] as number;
      for (let x = 0; x < stride; x++, from++) {
        sums[x] = ((sums[x] as number) + Math.imul(source[from] as number, w)) | 0;
      }
    }
    const at = y * stride;
    for (let x = 0; x < stride; x++) data[at + x] = (sums[x] as number) >> PRECISION_BITS;
  }
  return { data: new Uint8Array(data.buffer), width, height };
}

/** Pillow's nearest: the input pixel that holds the centre of the output pixel, positions summed up as it does. */
function nearest(image: RgbImage, width: number, height: number): RgbImage {
  const { data: source } = image;
  const data = new Uint8Array(width * height * 3);
  const columns = centres(image.width, width);
  const rows = centres(image.height, height);
  for (let y = 0, at = 0; y < height; y++) {
    const line = (rows[y] as number) * image.width;
    for (let x = 0; x < width; x++, at += 3) {
      const from = (line + (columns[x] as number)) * 3;
      data[at] = source[from] as number;
      data[at + 1] = source[from + 1] as number;
      data[at + 2] = source[from + 2] as number;
    }
  }
  return { data, width, height };
}

function centres(from: number, to: number): Int32Array {
  const step = from / to;
  let position = step * 0.5;
  return Int32Array.from({ length: to }, () => {
    const at = Math.min(from - 1, Math.trunc(position));
    position += step;
    return at;
  });
}
