import {
  challengeImage,
  createRandom,
  decodeImage,
  letterbox,
  type Point,
  type RgbImage,
} from '../../simulate/index.ts';
import type { View, ViewRecipe } from './views.ts';

/** A view's bytes as they would come over the wire, and the size of the picture it was made of, pixels. */
export interface MadeView {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Makes views of one picture, one after the other.
 *
 * @throws Sv72Error ERR_IMAGE_READ
 */
export async function* makeViews(
  bytes: Uint8Array,
  objects: readonly Point[],
  recipes: readonly ViewRecipe[],
  name?: string,
): AsyncGenerator<MadeView> {
  const image = await decodeImage(bytes, name);
  const { width, height } = image;
  let small: RgbImage | undefined;
  for (const { generation, level, seed, stream, freeCrop, colours } of recipes) {
    // The letterbox comes first in generation 2 and is the same at every level; a second one changes nothing.
    if (generation === 2) small ??= letterbox(image);
    const { jpeg } = await challengeImage({
      image: generation === 2 && small !== undefined ? small : image,
      maskPoints: objects,
      generation,
      rng: createRandom(seed, stream),
      freeCrop,
      colours,
      ...(level !== null && { level }),
    });
    yield { jpeg, width, height };
  }
}

/**
 * The JPEG of one view.
 *
 * @throws Sv72Error ERR_IMAGE_READ, ERR_DATASET_DAMAGED
 */
export async function viewJpeg({ picture, recipe }: View): Promise<Uint8Array> {
  for await (const { jpeg } of makeViews(await picture.read(), picture.objects, [recipe], picture.name)) {
    return jpeg;
  }
  throw new Error('no view was made');
}
