import type { ImageSizeClass, PriorReason } from './types.ts';

const CLASSES: readonly (readonly [ImageSizeClass, number])[] = [
  ['upTo224', 224 * 224],
  ['upTo1MP', 1e6],
  ['upTo4MP', 4e6],
  ['upTo16MP', 16e6],
];

/** The class of an image by its number of pixels. */
export function sizeClass(width: number, height: number): ImageSizeClass {
  return CLASSES.find(([, most]) => width * height <= most)?.[0] ?? 'larger';
}

/** No prior was answered, for any reason. */
export const NO_PRIORS: Readonly<Record<PriorReason, number>> = {
  undecodable: 0,
  deadline: 0,
  overloaded: 0,
  'engine-failed': 0,
  'engine-unavailable': 0,
  'over-budget': 0,
  closed: 0,
};

/** What a classifier counts. */
export class Counters {
  computed = 0;
  hits = 0;
  misses = 0;
  shared = 0;
  readonly priors: Record<PriorReason, number> = { ...NO_PRIORS };
  readonly imageSizes: Record<ImageSizeClass, number> = {
    upTo224: 0,
    upTo1MP: 0,
    upTo4MP: 0,
    upTo16MP: 0,
    larger: 0,
  };
}
