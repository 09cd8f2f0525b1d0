import { blankImage, type Point, type RgbImage } from '../image.ts';
import type { Random } from '../random.ts';
import { resize } from './resample.ts';

/** Side of the square that validators of generations 1 and 2 send, pixels. */
export const TARGET_SIZE = 224;

/** A square or rectangle cut out of an image, pixels. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function crop(image: RgbImage, { left, top, width, height }: Crop): RgbImage {
  const result = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    result.data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return result;
}

/** Generation 1, level 0: the middle square, then 224×224 as PIL scales it. */
export function centreSquare(image: RgbImage, size: number = TARGET_SIZE): RgbImage {
  const side = Math.min(image.width, image.height);
  const left = roundHalfEven((image.width - side) / 2);
  const top = roundHalfEven((image.height - side) / 2);
  return resize(crop(image, { left, top, width: side, height: side }), size, size, 'bytes');
}

/** Generation 2: scaled to fit (sides truncated), centred on black. */
export function letterbox(image: RgbImage, size: number = TARGET_SIZE): RgbImage {
  const scale = Math.min(size / image.width, size / image.height);
  const width = Math.max(1, Math.trunc(image.width * scale));
  const height = Math.max(1, Math.trunc(image.height * scale));
  const inner = resize(image, width, height, 'bytes');
  const result = blankImage(size, size);
  const left = Math.trunc((size - width) / 2);
  const top = Math.trunc((size - height) / 2);
  for (let y = 0; y < height; y++) {
    result.data.set(inner.data.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * size + left) * 3);
  }
  return result;
}

/**
 * torchvision's `functional.rotate` of a tensor with its defaults: nearest neighbour, same size, black corners,
 * counter-clockwise for positive degrees. The single-precision steps are those of its affine grid, because with
 * nearest neighbour a rounding decides between two pixels.
 *
 * @param area the part of the result that is wanted; the rest is not computed
 */
export function rotate(image: RgbImage, degrees: number, area?: Crop | null): RgbImage {
  const { width, height } = image;
  const part = area ?? { left: 0, top: 0, width, height };
  const f = Math.fround;
  const angle = (-degrees * Math.PI) / 180;
  const cos = f(Math.cos(angle));
  const sin = f(Math.sin(angle));
  const [halfW, halfH] = [f(0.5 * width), f(0.5 * height)];
  const [xx, xy] = [f(cos / halfW), f(sin / halfW)];
  const [yx, yy] = [f(-sin / halfH), f(cos / halfH)];
  const result = blankImage(part.width, part.height);
  const across = Float32Array.from({ length: part.width }, (_, i) => part.left + i - width * 0.5 + 0.5);
  const acrossX = across.map((u) => u * xx);
  const acrossY = across.map((u) => u * yx);
  const { data } = image;
  const out = result.data;
  let to = 0;
  for (let row = 0; row < part.height; row++) {
    const v = f(part.top + row - height * 0.5 + 0.5);
    const [downX, downY] = [f(v * xy), f(v * yy)];
    for (let column = 0; column < part.width; column++, to += 3) {
      const gx = f((acrossX[column] ?? 0) + downX);
      const gy = f((acrossY[column] ?? 0) + downY);
      const sx = roundHalfEven(f(f(f(f(gx + 1) * width) - 1) / 2));
      const sy = roundHalfEven(f(f(f(f(gy + 1) * height) - 1) / 2));
      if (sx < 0 || sy < 0 || sx >= width || sy >= height) continue;
      const from = (sy * width + sx) * 3;
      out[to] = data[from] ?? 0;
      out[to + 1] = data[from + 1] ?? 0;
      out[to + 2] = data[from + 2] ?? 0;
    }
  }
  return result;
}

/** torchvision's RandomResizedCrop, area 0.2 to 1.0 and aspect 1:1: ten tries, else the largest middle square. */
export function drawCrop(rng: Random, width: number, height: number): Crop {
  for (let attempt = 0; attempt < 10; attempt++) {
    const side = roundHalfEven(Math.sqrt(width * height * rng.uniform(0.2, 1)));
    if (side < 1 || side > width || side > height) continue;
    const top = rng.integer(0, height - side);
    return { left: rng.integer(0, width - side), top, width: side, height: side };
  }
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    width: side,
    height: side,
  };
}

/**
 * Shifts a crop so that it keeps a point, 10 pixels inside its edge. The point is not rotated with the image, as in
 * the validators' code. (That code swaps width and height in the limits; for the square images that have masks
 * there this is the same.)
 */
export function keepPoint(area: Crop, point: Point, width: number, height: number): Crop {
  const shift = (start: number, size: number, at: number, limit: number): number => {
    if (at < start) return Math.max(0, Math.trunc(at) - 10);
    if (at > start + size) return Math.min(limit - size, Math.trunc(at) - size + 10);
    return start;
  };
  return {
    ...area,
    left: shift(area.left, area.width, point.x, width),
    top: shift(area.top, area.height, point.y, height),
  };
}

/** Python's and IEEE's rounding: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
