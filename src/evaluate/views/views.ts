import { hash } from 'node:crypto';
import type { ColourMaths, Generation, Label, Level } from '../../simulate/index.ts';
import type { Picture } from './picture.ts';

/** Raised when the same request would give other pixels, so that remembered answers are not mixed with new ones. */
const VIEWS_VERSION = 1;

/** One picture as a validator of a generation would send it at a level. */
export interface View {
  /** The same for the same pixels, 32 hex digits. */
  readonly key: string;
  readonly picture: Picture;
  /** SHA-256 of the picture's file. */
  readonly sha256: string;
  readonly label: Label;
  readonly generation: Generation;
  /** null for generation 3, which sends the picture as it is. */
  readonly level: Level | null;
  readonly recipe: ViewRecipe;
}

/** All that decides a view's pixels besides the picture. */
export interface ViewRecipe {
  readonly generation: Generation;
  readonly level: Level | null;
  /** Seed and stream of its random numbers. */
  readonly seed: number;
  readonly stream: string;
  /** Generation 1's crop may cut every object away. */
  readonly freeCrop: boolean;
  readonly colours: ColourMaths;
}

export interface ViewOptions {
  /** Default all three. */
  readonly generations?: readonly Generation[];
  /** Default all four; generation 3 has none. */
  readonly levels?: readonly Level[];
  /** Different random choices of each picture, generation and level; there are none at level 0. Default 1. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Default false: the crop keeps an object where the dataset says where one is. */
  readonly freeCrop?: boolean;
  /** Default `bytes`. */
  readonly colours?: ColourMaths;
}

/**
 * The views of pictures: each with every generation and level, picture by picture. They are only described here; the
 * pixels are made when they are asked for. A view's randomness depends on the seed, its picture and its condition, not
 * on what else is evaluated.
 */
export function views(pictures: readonly Picture[], options: ViewOptions = {}): View[] {
  const { generations = [1, 2, 3], levels = [0, 1, 2, 3], draws = 1, seed = 0 } = options;
  const { freeCrop = false, colours = 'bytes' } = options;
  const conditions = generations.flatMap((generation): { generation: Generation; level: Level | null }[] =>
    generation === 3 ? [{ generation, level: null }] : levels.map((level) => ({ generation, level })),
  );
  return pictures.flatMap((picture) =>
    conditions.flatMap(({ generation, level }) => {
      const random = level !== null && level > 0;
      return Array.from({ length: random ? draws : 1 }, (_, draw): View => {
        const recipe: ViewRecipe = {
          generation,
          level,
          seed,
          stream: `${picture.sha256} ${generation} ${level ?? '-'} ${draw}`,
          freeCrop,
          colours,
        };
        const { sha256, label } = picture;
        return { key: keyOf(recipe, picture), picture, sha256, label, generation, level, recipe };
      });
    }),
  );
}

function keyOf({ generation, level, seed, stream, freeCrop, colours }: ViewRecipe, picture: Picture): string {
  // What has no influence on the pixels stays out: a level 0 view is the same for every seed.
  const random = level !== null && level > 0;
  const keep = random && generation === 1 && !freeCrop ? (picture.objects[0] ?? null) : null;
  const parts = [
    VIEWS_VERSION,
    stream,
    random ? seed : null,
    keep === null ? null : [keep.x, keep.y],
    level !== null && level > 1 ? colours : null,
  ];
  return hash('sha256', JSON.stringify(parts)).slice(0, 32);
}
