import type { ResizeRule } from '../../bundle/index.ts';
import { resampleReduced } from './reduced.ts';
import { type RgbImage, resample } from './resample.ts';

/** Where an image of some size ends up in the model's input. */
export interface Placement {
  /** Size to resample the whole image to. */
  readonly width: number;
  readonly height: number;
  /** Where its top left corner goes in the input: positive leaves a border, negative cuts off. */
  readonly left: number;
  readonly top: number;
}

/**
 * The arithmetic of the resize rules.
 * `letterbox` truncates the scaled sides and the border, as the validators' own letterbox does; `cover-crop` truncates
 * the longer side and rounds the offset half to even, as torchvision's Resize and CenterCrop do.
 *
 * @param size height and width of the model's input
 */
export function place(
  image: { readonly width: number; readonly height: number },
  size: readonly [number, number],
  fit: ResizeRule['fit'],
): Placement {
  const [height, width] = size;
  if (fit === 'stretch') return { width, height, left: 0, top: 0 };
  const byWidth = width * image.height < height * image.width;
  const scaleToWidth = fit === 'letterbox' ? byWidth : !byWidth;
  const scaled = scaleToWidth
    ? { width, height: Math.max(1, Math.trunc((image.height * width) / image.width)) }
    : { width: Math.max(1, Math.trunc((image.width * height) / image.height)), height };
  const offset = fit === 'letterbox' ? Math.trunc : roundHalfEven;
  return {
    ...scaled,
    left: offset((width - scaled.width) / 2),
    top: offset((height - scaled.height) / 2),
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Resamples, crops or pads an image to the model's input size.
 *
 * @param original the size it had before it was decoded at a reduced scale; its proportions count, since those of the
 *   reduced image are rounded
 */
export function fitTo(
  image: RgbImage,
  size: readonly [number, number],
  rule: ResizeRule,
  original: { readonly width: number; readonly height: number } = image,
): RgbImage {
  const placement = place(original, size, rule.fit);
  const { reduction } = image;
  const scaled =
    reduction === undefined || rule.kernel === 'nearest' || !rule.antialias
      ? resample(image, placement.width, placement.height, rule.kernel, rule.antialias)
      : resampleReduced(image, reduction, placement.width, placement.height, rule.kernel);
  const [height, width] = size;
  if (scaled.width === width && scaled.height === height) return scaled;
  const data = new Uint8Array(width * height * 3);
  if (rule.background.some((channel) => channel !== 0)) {
    for (let i = 0; i < data.length; i++) data[i] = rule.background[i % 3] ?? 0;
  }
  const fromX = Math.max(0, -placement.left);
  const toX = Math.max(0, placement.left);
  const columns = Math.min(scaled.width - fromX, width - toX);
  for (let y = Math.max(0, placement.top); y < height; y++) {
    const row = y - placement.top;
    if (row >= scaled.height) break;
    const from = (row * scaled.width + fromX) * 3;
    data.set(scaled.data.subarray(from, from + columns * 3), (y * width + toX) * 3);
  }
  return { data, width, height };
}
