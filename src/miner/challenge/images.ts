import {
  type Challenge,
  challengeImage,
  createRandom,
  drawScene,
  type Generation,
  type Label,
  type LabelledImage,
  type Level,
  loadImageFolder,
  type Point,
  type RgbImage,
  readImage,
} from '../../simulate/index.ts';

export interface ImagesOptions {
  readonly count: number;
  /** Decides scenes, order and augmentation. */
  readonly seed: number;
  readonly generation: Generation | 'mixed';
  readonly level?: Level;
  /** Labelled images instead of drawn scenes. */
  readonly folder?: string;
  /** Width of drawn scenes, pixels; by default as wide as the generation's validators have them. */
  readonly width?: number;
}

/** One image as a validator sends it, with the truth about it. */
export interface PreparedImage extends Challenge {
  readonly index: number;
  /** Path of the file, or `scene <seed>`. */
  readonly name: string;
  readonly label: Label;
}

/** Makes the n-th image of a run; the same for the same options. */
export type ImageSource = (index: number) => Promise<PreparedImage>;

/** Originals, as generation 3 sends them, are about as wide as a camera's; the others are reduced to 224 anyway. */
const ORIGINAL_WIDTH = 4_032;
const REDUCED_WIDTH = 640;

/** @throws ERR_FILE_READ, ERR_IMAGE_FOLDER */
export async function imageSource(options: ImagesOptions): Promise<ImageSource> {
  const { seed, level } = options;
  const pick =
    options.folder === undefined
      ? drawn(options)
      : fromFolder(options, await loadImageFolder(options.folder));
  return async (index) => {
    const rng = createRandom(seed + index, 'challenge');
    const generation = options.generation === 'mixed' ? rng.pick([1, 2, 3] as const) : options.generation;
    const { name, label, image, maskPoints } = await pick(index, generation);
    const made = await challengeImage({
      image,
      maskPoints,
      generation,
      rng,
      ...(level !== undefined && { level }),
    });
    return { ...made, index, name, label };
  };
}

interface Original {
  readonly name: string;
  readonly label: Label;
  readonly image: RgbImage;
  readonly maskPoints: readonly Point[];
}

type Pick = (index: number, generation: Generation) => Promise<Original>;

function drawn({ seed, width }: ImagesOptions): Pick {
  return async (index, generation) => {
    const wide = width ?? (generation === 3 ? ORIGINAL_WIDTH : REDUCED_WIDTH);
    const scene = await drawScene(seed + index, { width: wide });
    return {
      name: `scene ${scene.seed}`,
      label: scene.label,
      image: scene.image,
      maskPoints: scene.maskPoints,
    };
  };
}

/** Each class half the time, as validators do, and every image of a class before one comes again. */
function fromFolder({ seed }: ImagesOptions, images: readonly LabelledImage[]): Pick {
  const byLabel = ([0, 1] as const).map((label) =>
    shuffled(
      images.filter((image) => image.label === label),
      seed,
    ),
  );
  const classes = byLabel.filter((group) => group.length > 0);
  const order = createRandom(seed, 'classes');
  const turns: LabelledImage[] = [];
  const used = classes.map(() => 0);
  return async (index) => {
    while (turns.length <= index) {
      const which = order.integer(0, classes.length - 1);
      const group = classes[which] ?? [];
      const image = group[(used[which] ?? 0) % group.length];
      used[which] = (used[which] ?? 0) + 1;
      if (image !== undefined) turns.push(image);
    }
    const { path, label } = turns[index] as LabelledImage;
    return { name: path, label, image: await readImage(path), maskPoints: [] };
  };
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const rng = createRandom(seed, 'shuffle');
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = rng.integer(0, i);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
