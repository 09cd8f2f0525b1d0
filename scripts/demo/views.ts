import { letterbox } from '../../src/simulate/augment/geometry.ts';
import {
  type ColourMaths,
  challengeImage,
  createRandom,
  decodeImage,
  drawScene,
  type Generation,
  type Level,
} from '../../src/simulate/index.ts';

/** Side of the pooled views that the trainer reads, pixels. */
export const VIEW_SIZE = 112;
export const VIEW_BYTES = VIEW_SIZE * VIEW_SIZE * 3;

/** Under which condition a scene is seen. */
export interface Condition {
  readonly generation: Generation;
  readonly level: Level;
  /** Generation 1 only: the crop may fall anywhere. */
  readonly free: boolean;
  readonly colours: ColourMaths;
}

/** A set of views: seeds, and for each of them how many views or which conditions. */
export interface ViewSet {
  readonly name: 'train' | 'calibrate' | 'test';
  /** Small seeds are left to everybody else, so that whatever is drawn by hand is unseen. */
  readonly firstSeed: number;
  readonly scenes: number;
  /** Fixed conditions, one view each. Without them `viewsPerScene` are drawn at random. */
  readonly conditions?: readonly Condition[];
  readonly viewsPerScene: number;
}

/** What a row of the file is. */
export interface ViewRow extends Condition {
  readonly seed: number;
  readonly label: 0 | 1;
}

/** All conditions that are reported: the levels of generations 1 (kept and free) and 2, and generation 3. */
export const CONDITIONS: readonly Condition[] = [
  ...([0, 1, 2, 3] as const).map((level) => ({
    generation: 1 as const,
    level,
    free: false,
    colours: 'bytes' as const,
  })),
  ...([1, 2, 3] as const).map((level) => ({
    generation: 1 as const,
    level,
    free: true,
    colours: 'bytes' as const,
  })),
  ...([0, 1, 2, 3] as const).map((level) => ({
    generation: 2 as const,
    level,
    free: false,
    colours: 'bytes' as const,
  })),
  ...([1, 2] as const).flatMap((generation) =>
    ([2, 3] as const).map((level) => ({ generation, level, free: false, colours: 'floats' as const })),
  ),
  { generation: 3, level: 0, free: false, colours: 'bytes' },
];

/**
 * Draws one scene and its views: the wire's JPEG, decoded, brought to 224×224 as the miner does, 2×2 means.
 * Three in ten scenes are drawn at twice the size, since originals on the wire are larger than 224 pixels.
 */
export async function viewsOfScene(
  set: ViewSet,
  index: number,
): Promise<{ rows: ViewRow[]; pixels: Uint8Array[] }> {
  const seed = set.firstSeed + index;
  const rng = createRandom(seed, `views ${set.name}`);
  const scene = await drawScene(seed, { width: rng.chance(0.3) ? 640 : 320 });
  const conditions = set.conditions ?? Array.from({ length: set.viewsPerScene }, () => drawCondition(rng));
  const rows: ViewRow[] = [];
  const pixels: Uint8Array[] = [];
  for (const condition of conditions) {
    const challenge = await challengeImage({
      image: scene.image,
      maskPoints: scene.maskPoints,
      generation: condition.generation,
      level: condition.level,
      rng,
      freeCrop: condition.free,
      colours: condition.colours,
    });
    pixels.push(pool(letterbox(await decodeImage(challenge.jpeg)).data));
    rows.push({ ...condition, seed, label: scene.label });
  }
  return { rows, pixels };
}

/** Generations 1 (crop kept), 2 and 3 as 2 : 2 : 1, levels evenly, colours both ways alike. */
function drawCondition(rng: ReturnType<typeof createRandom>): Condition {
  return {
    generation: rng.pick([1, 1, 2, 2, 3] as const),
    level: rng.pick([0, 1, 2, 3] as const),
    free: false,
    colours: rng.pick(['bytes', 'floats'] as const),
  };
}

/** 224×224 to 112×112 by the mean of each 2×2 block, as the network's first step does. */
function pool(data: Uint8Array): Uint8Array {
  const result = new Uint8Array(VIEW_BYTES);
  const row = 2 * VIEW_SIZE * 3;
  for (let y = 0; y < VIEW_SIZE; y++) {
    for (let i = 0; i < VIEW_SIZE * 3; i++) {
      const at = 2 * y * row + 2 * i - (i % 3);
      const sum = (data[at] ?? 0) + (data[at + 3] ?? 0) + (data[at + row] ?? 0) + (data[at + row + 3] ?? 0);
      result[y * VIEW_SIZE * 3 + i] = (sum + 2) >> 2;
    }
  }
  return result;
}
