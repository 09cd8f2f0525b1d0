import { type Augmentation, augment, drawAugmentation, LEVELS, type Level } from './augment/levels.ts';
import type { ColourMaths } from './augment/ycbcr.ts';
import type { Point, RgbImage } from './image.ts';
import { encodeJpeg } from './jpeg.ts';
import type { Random } from './random.ts';

/** The three kinds of validators: January, April and May 2026. */
export type Generation = 1 | 2 | 3;

export interface ChallengeOptions {
  readonly image: RgbImage;
  /** Where the objects are, the most important first: generation 1 shifts its crop to keep that one. */
  readonly maskPoints?: readonly Point[];
  readonly generation: Generation | 'mixed';
  /** Default: drawn uniformly from 0 to 3. Generation 3 has no levels. */
  readonly level?: Level;
  readonly rng: Random;
  /** Lets generation 1's crop fall anywhere, as it does where no mask is known. It may cut every object away. */
  readonly freeCrop?: boolean;
  /** How levels 2 and 3 compute colours. Default `bytes`; see docs/decisions/0011. */
  readonly colours?: ColourMaths;
}

/** What goes over the wire, and how it was made. */
export interface Challenge {
  readonly jpeg: Uint8Array;
  readonly generation: Generation;
  /** Null for generation 3, which sends the image as it is. */
  readonly level: Level | null;
  /** Of the JPEG, pixels. */
  readonly width: number;
  readonly height: number;
  readonly augmentation: Augmentation | null;
}

/**
 * Turns an image into the JPEG that a validator of a generation sends: augmented to 224×224 (generations 1 and 2)
 * or as it is (generation 3), quality 75. The same `rng` state gives the same bytes.
 */
export async function challengeImage(options: ChallengeOptions): Promise<Challenge> {
  const { image, rng, freeCrop = false } = options;
  const generation = options.generation === 'mixed' ? rng.pick([1, 2, 3] as const) : options.generation;
  if (generation === 3) return wire(image, generation, null);
  const level = options.level ?? rng.pick(LEVELS);
  const keep = freeCrop ? undefined : options.maskPoints?.[0];
  const { width, height } = image;
  const plan = drawAugmentation(rng, { generation, level, width, height, keep, colours: options.colours });
  return wire(augment(image, plan, rng.normal), generation, plan);
}

async function wire(image: RgbImage, generation: Generation, plan: Augmentation | null): Promise<Challenge> {
  const { width, height } = image;
  return {
    jpeg: await encodeJpeg(image),
    generation,
    level: plan?.level ?? null,
    width,
    height,
    augmentation: plan,
  };
}
