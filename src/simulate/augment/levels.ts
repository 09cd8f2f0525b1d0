import type { Point, RgbImage } from '../image.ts';
import type { Random } from '../random.ts';
import { blur, contrast, noise, type Severity, saturation, shrinkAndGrow } from './distortions.ts';
import { type Crop, centreSquare, drawCrop, keepPoint, letterbox, rotate, TARGET_SIZE } from './geometry.ts';
import { resize } from './resample.ts';
import type { ColourMaths } from './ycbcr.ts';

/** How hard a validator of generation 1 or 2 makes an image; drawn uniformly. */
export type Level = 0 | 1 | 2 | 3;

export const LEVELS: readonly [Level, ...Level[]] = [0, 1, 2, 3];

/** Everything that is random about one augmentation. */
export interface Augmentation {
  readonly generation: 1 | 2;
  readonly level: Level;
  /** Degrees, level 1 and up. */
  readonly angle: number;
  /** Generation 1, level 1 and up: in pixels of the image. */
  readonly crop: Crop | null;
  /** How saturation and noise compute YCbCr. */
  readonly colours: ColourMaths;
  readonly saturation: Severity;
  readonly contrast: Severity;
  readonly shrink: Severity;
  readonly noise: Severity;
  readonly blur: Severity;
}

export interface AugmentationRequest {
  readonly generation: 1 | 2;
  readonly level: Level;
  /** Size of the image, pixels. */
  readonly width: number;
  readonly height: number;
  /** A point that generation 1's crop is shifted to keep. */
  readonly keep?: Point | undefined;
  /** Default `bytes`. */
  readonly colours?: ColourMaths | undefined;
}

/** Draws the parameters of an augmentation as the validators do. */
export function drawAugmentation(rng: Random, request: AugmentationRequest): Augmentation {
  const { generation, level, width, height, keep, colours = 'bytes' } = request;
  const none = { angle: 0, crop: null, saturation: 0, contrast: 0, shrink: 0, noise: 0, blur: 0 } as const;
  if (level === 0) return { generation, level, colours, ...none };
  const angle = rng.uniform(-20, 20);
  let area: Crop | null = null;
  if (generation === 1) {
    area = drawCrop(rng, width, height);
    if (keep) area = keepPoint(area, keep, width, height);
  }
  const worst = level === 2 ? 1 : 2;
  const severity = (from: Level): Severity => (level >= from ? (rng.integer(0, worst) as Severity) : 0);
  return {
    generation,
    level,
    angle,
    crop: area,
    colours,
    saturation: severity(2),
    contrast: severity(2),
    shrink: severity(2),
    noise: severity(3),
    blur: severity(3),
  };
}

/** Applies an augmentation: 224×224 out. `normal` gives the noise. */
export function augment(image: RgbImage, plan: Augmentation, normal: () => number): RgbImage {
  let view = plan.generation === 2 ? letterbox(image) : image;
  if (plan.level === 0) return plan.generation === 2 ? view : centreSquare(view);
  view = rotate(view, plan.angle, plan.crop);
  if (plan.crop) view = resize(view, TARGET_SIZE, TARGET_SIZE, 'float');
  view = saturation(view, plan.saturation, plan.colours);
  view = contrast(view, plan.contrast);
  view = shrinkAndGrow(view, plan.shrink);
  view = noise(view, plan.noise, plan.colours, normal);
  return blur(view, plan.blur);
}
