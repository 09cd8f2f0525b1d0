import { availableParallelism } from 'node:os';
import { Sv72Error } from '../../errors/index.ts';
import { UnreadablePicture, ViewMakers } from './makers.ts';
import type { Picture } from './picture.ts';
import type { View } from './views.ts';

export interface JpegOptions {
  /** Processes that make the views. Default: as many as processors, at most 8. */
  readonly makers?: number;
  readonly signal?: AbortSignal;
}

/**
 * The JPEGs of views, each handed to `onJpeg` with its place in `wanted`, in no order. Views of a picture that cannot be
 * read are left out.
 *
 * @throws Sv72Error ERR_INTERRUPTED when the signal comes, ERR_DATASET_DAMAGED; what `onJpeg` throws
 */
export async function makeJpegs(
  wanted: readonly View[],
  onJpeg: (index: number, jpeg: Uint8Array) => Promise<void>,
  { makers = Math.min(8, availableParallelism()), signal }: JpegOptions = {},
): Promise<void> {
  const workshop = new ViewMakers(makers);
  const orders = new Map<Picture, number[]>();
  wanted.forEach(({ picture }, index) => {
    orders.set(picture, [...(orders.get(picture) ?? []), index]);
  });
  const queue = orders.entries();
  const lane = async (): Promise<void> => {
    for (const [picture, places] of queue) {
      if (signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted.');
      const handed: Promise<void>[] = [];
      try {
        const recipes = places.flatMap((place) => wanted[place]?.recipe ?? []);
        await workshop.make(picture, recipes, (at, { jpeg }) => {
          handed.push(onJpeg(places[at] ?? 0, jpeg));
        });
      } catch (error) {
        if (!(error instanceof UnreadablePicture)) throw error;
      } finally {
        await Promise.all(handed);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: workshop.capacity }, lane));
  } finally {
    await workshop.close();
  }
}
