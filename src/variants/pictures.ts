import type { Manifest } from '../bundle/index.ts';
import { openDataset, writeFailed } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import {
  drawPictures,
  makeJpegs,
  type Picture,
  picturesOfDataset,
  type View,
  type ViewOptions,
  views,
} from '../evaluate/index.ts';
import { graphInput } from '../inference/index.ts';
import { createArray } from './npy.ts';

/** Where the pictures of calibration and gate come from. */
export interface PictureSource {
  readonly name: string;
  readonly fingerprint: string;
  /** For calibration: what the model was trained on. */
  readonly calibration: readonly Picture[];
  /** For the gate: what it was not. */
  readonly gate: readonly Picture[];
}

/** Under which conditions pictures are shown. */
export interface Conditions {
  readonly generations: NonNullable<ViewOptions['generations']>;
  readonly levels: NonNullable<ViewOptions['levels']>;
  readonly seed: number;
}

/** More random choices of one picture tell little that is new. */
const MOST_DRAWS = 8;

/**
 * A dataset's pictures: `train` calibrates, the others judge.
 *
 * @throws Sv72Error ERR_GATE_PICTURES without both classes to judge on; those of `openDataset`
 */
export async function pictureSource(folder: string): Promise<PictureSource> {
  const dataset = await openDataset(folder);
  const calibration = await picturesOfDataset(dataset, 'train');
  const gate = [
    ...(await picturesOfDataset(dataset, 'validation')),
    ...(await picturesOfDataset(dataset, 'test')),
  ];
  const { name } = dataset.manifest;
  if (new Set(gate.map(({ label }) => label)).size < 2) {
    throw new Sv72Error(
      'ERR_GATE_PICTURES',
      `The dataset ${name} has no pictures of both classes in its validation and test parts.`,
      { details: { dataset: dataset.dir, pictures: gate.length } },
    );
  }
  return { name, fingerprint: dataset.fingerprint, calibration, gate };
}

/** At least `least` augmented pictures from as many different ones as there are, or all that can be had. */
export function gateViews(pictures: readonly Picture[], least: number, conditions: Conditions): View[] {
  const each = views(pictures.slice(0, 1), conditions).length;
  const chosen = drawPictures(pictures, Math.ceil(least / Math.max(1, each)), conditions.seed);
  for (let draws = 1; ; draws++) {
    const all = views(chosen, { ...conditions, draws });
    if (all.length >= least || draws === MOST_DRAWS) return all;
  }
}

/** One condition for each calibration picture, in turn, so that every condition is seen. */
export function calibrationViews(
  pictures: readonly Picture[],
  count: number,
  conditions: Conditions,
): View[] {
  const chosen = drawPictures(pictures, count, conditions.seed);
  const each = views(chosen.slice(0, 1), conditions).length;
  const all = views(chosen, conditions);
  return chosen.flatMap((_, index) => all[index * each + (index % each)] ?? []);
}

/**
 * Writes what the graph is given for views, as a NumPy array: made into JPEGs, decoded and resized as they are served.
 * Views of pictures that cannot be read are zero.
 *
 * @throws Sv72Error ERR_DISK_FULL, ERR_FILE_WRITE, ERR_INTERRUPTED
 */
export async function writeGraphInputs(
  path: string,
  wanted: readonly View[],
  input: Manifest['input'],
  options: { readonly signal?: AbortSignal | undefined; readonly onView?: (() => void) | undefined } = {},
): Promise<void> {
  const { signal, onView } = options;
  const [height, width] = input.size;
  const shape = input.layout === 'nhwc' ? [height, width, 3] : [3, height, width];
  const failed = (error: unknown) => {
    throw writeFailed(`file of pictures ${path}`, error);
  };
  const array = await createArray(path, input.dtype, [wanted.length, ...shape]).catch(failed);
  try {
    await makeJpegs(
      wanted,
      async (index, jpeg) => {
        const row = await graphInput(jpeg, input);
        await array.put(index, row).catch(failed);
        onView?.();
      },
      signal === undefined ? {} : { signal },
    );
  } finally {
    await array.close();
  }
}
