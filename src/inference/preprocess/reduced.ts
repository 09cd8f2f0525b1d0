/**
 * Resampling an image that was decoded at a reduced scale so that the result is that of resampling the whole image.
 * Every pixel of the reduced image is a known weighted sum of whole pixels, so for each output pixel those weights of
 * reduced pixels are looked for whose sums come closest to the weights of the whole image.
 */
import { exactWeights, type Kernel, type Reduction, type RgbImage } from './resample.ts';

/** What an output pixel takes: `weights` of the pixels from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** libvips knows this many positions between two pixels, and coefficients of 12 bits. */
const PHASES = 64;
const COEFFICIENT = 4096;

/**
 * Resizes to exactly `width` × `height`, as if from the whole image. All of the reduced image's neighbourhood counts at
 * once: nothing is rounded between the two passes.
 */
export function resampleReduced(
  image: RgbImage,
  reduction: Reduction,
  width: number,
  height: number,
  kernel: Exclude<Kernel, 'nearest'>,
): RgbImage {
  const { shrink } = reduction;
  const across = reducedTaps(reduction.width, shrink, image.width, width, kernel);
  const down = reducedTaps(reduction.height, shrink, image.height, height, kernel);
  return vertical(horizontal(image, across), width, down);
}

const plans = new Map<string, readonly Taps[]>();
/** Cameras have few sizes, and a plan takes some milliseconds. */
const MOST_PLANS = 8;

function reducedTaps(...from: Parameters<typeof planTaps>): readonly Taps[] {
  const name = from.join();
  const known = plans.get(name);
  if (known !== undefined) return known;
  const plan = planTaps(...from);
  if (plans.size >= MOST_PLANS) plans.clear();
  plans.set(name, plan);
  return plan;
}

/**
 * One axis: for each of `to` output pixels, which of the `reduced` pixels it takes, by least squares.
 *
 * Pictures are edges more than anything else, so what is made small is the difference of the two answers to an edge at
 * each place: that of the cumulated weights. That of the weights themselves, the answer to noise, counts a little, too.
 */
export function planTaps(
  whole: number,
  shrink: number,
  reduced: number,
  to: number,
  kernel: Exclude<Kernel, 'nearest'>,
): readonly Taps[] {
  const wanted = exactWeights(whole, to, kernel);
  const step = whole / reduced;
  const most = wanted.reduce((longest, { weights }) => Math.max(longest, weights.length), 0);
  if (most / step > MOST_TAPS) return exactWeights(reduced, to, kernel);
  const pixels = footprints(whole, shrink, reduced);
  return wanted.map(({ first, weights }): Taps => {
    const last = first + weights.length;
    const from = Math.max(0, Math.floor(first / step - 0.5));
    const used = pixels.slice(from, Math.min(reduced, Math.ceil(last / step + 0.5)));
    const begin = Math.min(first, ...used.map((pixel) => pixel.first));
    const length = Math.max(last, ...used.map((pixel) => pixel.first + pixel.weights.length)) - begin;
    const answers = used.map((pixel) => answersOf(pixel, begin, length));
    const right = answersOf({ first, weights }, begin, length);
    return { first: from, weights: leastSquares(answers, right) };
  });
}

/** Where more reduced pixels than this make one, their own weights are as good, and fitting would take seconds. */
const MOST_TAPS = 48;

const NOISE = Math.sqrt(0.5);
/** What is the same everywhere must come out the same: the last answer, that to no edge at all, counts most. */
const TOTAL = 100;
const RIDGE = 1e-3;

/** Answers to an edge at each of `length` places from `begin` on, to noise there, and to a flat area. */
function answersOf({ first, weights }: Taps, begin: number, length: number): Float64Array {
  const answers = new Float64Array(2 * length + 1);
  answers.set(weights, length + first - begin);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const weight = answers[length + i] as number;
    sum += weight;
    answers[i] = sum;
    answers[length + i] = weight * NOISE;
  }
  answers[2 * length] = sum * TOTAL;
  return answers;
}

/** The factors with which the columns add up to `right` as well as can be (normal equations, Cholesky). */
function leastSquares(columns: readonly Float64Array[], right: Float64Array): Float64Array {
  const n = columns.length;
  const lower = new Float64Array(n * n);
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const column = columns[i] as Float64Array;
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      let value = dot(column, columns[j] as Float64Array) - partial(lower, row, lower, j * n, j);
      if (i === j) value = Math.sqrt(value + RIDGE);
      else value /= lower[j * n + j] as number;
      lower[row + j] = value;
    }
    const rest = dot(column, right) - partial(lower, row, result, 0, i);
    result[i] = rest / (lower[row + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = result[i] as number;
    for (let k = i + 1; k < n; k++) value -= (lower[k * n + i] as number) * (result[k] as number);
    result[i] = value / (lower[i * n + i] as number);
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  return partial(a, 0, b, 0, a.length);
}

function partial(a: Float64Array, fromA: number, b: Float64Array, fromB: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[fromA + i] as number) * (b[fromB + i] as number);
  return sum;
}

/**
 * The reduced pixels as sums of whole ones: libjpeg averages squares of `shrink` pixels (what is left over at the end is
 * cut off), libvips lays a triangle over those.
 */
function footprints(whole: number, shrink: number, reduced: number): Taps[] {
  const squares = Math.floor(whole / shrink);
  const ratio = squares / reduced;
  return Array.from({ length: reduced }, (_, pixel): Taps => {
    const centre = (pixel + 0.5) * ratio - 0.5;
    const base = Math.floor(centre);
    const phase = Math.round((centre - base) * PHASES) / PHASES;
    const triangle = [-2, -1, 0, 1, 2, 3].map((tap) => Math.max(0, 1 - Math.abs(tap - phase) / ratio));
    const total = triangle.reduce((sum, weight) => sum + weight);
    const place = (tap: number) => Math.min(squares - 1, Math.max(0, base + tap - 2));
    const first = place(0);
    const weights = new Float64Array((place(5) - first + 1) * shrink);
    for (const [tap, weight] of triangle.entries()) {
      const share = coefficient(weight / total, ratio) / shrink;
      const at = (place(tap) - first) * shrink;
      for (let i = at; i < at + shrink; i++) weights[i] = (weights[i] as number) + share;
    }
    return { first: first * shrink, weights };
  });
}

/** libvips cuts coefficients off, which darkens by up to a thousandth; not so, as measured, where the ratio is 3 to 2. */
function coefficient(weight: number, ratio: number): number {
  return ratio === 1.5 ? weight : Math.trunc(weight * COEFFICIENT) / COEFFICIENT;
}

function horizontal(image: RgbImage, plan: readonly Taps[]): Float32Array {
  const { data: source, width, height } = image;
  const data = new Float32Array(plan.length * height * 3);
  for (const [x, { first, weights }] of plan.entries()) {
    for (let y = 0; y < height; y++) {
      let from = (y * width + first) * 3;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let i = 0; i < weights.length; i++, from += 3) {
        const weight = weights[i] as number;
        r += weight * (source[from] as number);
        g += weight * (source[from + 1] as number);
        b += weight * (source[from + 2] as number);
      }
      const at = (y * plan.length + x) * 3;
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
    }
  }
  return data;
}

function vertical(source: Float32Array, width: number, plan: readonly Taps[]): RgbImage {
  const stride = width * 3;
  const data = new Uint8ClampedArray(stride * plan.length);
  const sums = new Float64Array(stride);
  for (const [y, { first, weights }] of plan.entries()) {
    sums.fill(0);
    let from = first * stride;
    for (const weight of weights) {
      for (let x = 0; x < stride; x++, from++) {
        sums[x] = (sums[x] as number) + weight * (source[from] as number);
      }
    }
    data.set(sums, y * stride);
  }
  return { data: new Uint8Array(data.buffer), width, height: plan.length };
}
