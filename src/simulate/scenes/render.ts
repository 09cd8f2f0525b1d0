import type { Label, Point, RgbImage } from '../image.ts';
import { createRandom } from '../random.ts';
import { type Composition, compose } from './compose.ts';
import { CANVAS } from './stage.ts';

export interface SceneOptions {
  /** Asks for a class; without it the seed decides, half each. */
  readonly label?: Label;
  /** Width in pixels, 16 to 8192; the height is three quarters of it. Default 320. */
  readonly width?: number;
}

/** A drawn street with the truth about it. */
export interface Scene {
  readonly seed: number;
  /** 1 with road works, 0 without. */
  readonly label: Label;
  readonly image: RgbImage;
  /** Centres of the objects that make it road works, the largest first, in pixels of `image`. */
  readonly maskPoints: readonly Point[];
}

/**
 * Draws the street of a seed: the same pixels for the same seed, options and version of sharp.
 * 320×240 takes some 10 ms; 4032×3024 (as dataset images are) about a second and 40 MB.
 */
export async function drawScene(
  seed: number,
  { label, width = CANVAS.width }: SceneOptions = {},
): Promise<Scene> {
  const composition = compose(seed, label);
  const scale = width / CANVAS.width;
  const height = Math.round(CANVAS.height * scale);
  const { default: sharp } = await import('sharp');
  const rng = createRandom(seed, 'film');
  const soft = rng.chance(0.3) ? rng.uniform(0.4, 0.9) * scale : 0;
  let picture = sharp(Buffer.from(svgOf(composition, width, height)), { limitInputPixels: 2 ** 27 })
    .removeAlpha()
    .toColourspace('srgb');
  if (soft >= 0.3) picture = picture.blur(soft);
  const { data } = await picture.raw().toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  develop(pixels, composition, rng.chance(0.7) ? rng.uniform(1, 7) : 0, seed);
  return {
    seed,
    label: composition.label,
    image: { width, height, data: pixels },
    maskPoints: composition.maskPoints.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
  };
}

/** The SVG document of a composition at a size in pixels. */
function svgOf(composition: Composition, width: number, height: number): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${CANVAS.width} ${CANVAS.height}" preserveAspectRatio="none">${composition.shapes}</svg>`
  );
}

/** Light, tint and sensor noise, in place. Noise comes from a table walked at a random offset per row. */
function develop(pixels: Uint8Array, { light }: Composition, sigma: number, seed: number): void {
  const rng = createRandom(seed, 'grain');
  const table = Float32Array.from({ length: 8192 }, () => rng.normal() * sigma);
  const gain = light.tint.map((t) => t * light.gain);
  const row = 3 * 1024;
  let offset = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (i % row === 0) offset = rng.integer(0, 8191);
    const value = (pixels[i] ?? 0) * (gain[i % 3] ?? 1) + (table[(i + offset) & 8191] ?? 0);
    pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
  }
}
