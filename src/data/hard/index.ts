import { existsSync } from 'node:fs';
import { Sv72Error } from '../../errors/index.ts';
import { imagePath, readDoubtful } from '../../store/index.ts';
import type { DatasetSource } from '../format.ts';
import { requireLicence } from '../licence.ts';
import { type NewPicture, type WriteDatasetOptions, type WrittenDataset, writeDataset } from '../write.ts';
import type { Candidate, Review } from './review.ts';

export interface HardOptions {
  /** The store that `serve` writes. */
  readonly store: string;
  /** Folder of the pictures it keeps. */
  readonly images: string;
  readonly limit: number;
  /** Unix milliseconds. */
  readonly since?: number;
  /** Only pictures on which answers fell on both sides. */
  readonly disagreeing?: boolean;
}

/**
 * Pictures that a miner was asked about and that its models found hard, the hardest first.
 *
 * @throws Sv72Error ERR_DATASET_EMPTY where there is none, ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN
 */
export function hardPictures({ store, images, ...scope }: HardOptions): Candidate[] {
  const found = readDoubtful(store, scope).filter(({ sha256 }) => existsSync(imagePath(images, sha256)));
  if (found.length > 0) {
    return found.map(({ sha256, lowest, highest, mean, answers, models }) => ({
      ...{ sha256, lowest, highest, mean, answers, models },
    }));
  }
  throw new Sv72Error('ERR_DATASET_EMPTY', `The store ${store} has no picture to review.`, {
    next: 'Pictures are kept from when `sv72 serve` runs with --keep-images (store.keep_images in sv72.yaml).',
    details: { store, images },
  });
}

export interface ReviewedOptions extends Omit<WriteDatasetOptions, 'sources' | 'pictures' | 'expected'> {
  readonly review: Pick<Review, 'verdicts' | 'picture'>;
  readonly licence?: string;
  readonly acceptUnknownLicence?: boolean;
}

/** What the pictures of a review are called in a dataset. @throws Sv72Error ERR_DATA_LICENCE */
export function reviewSource({
  licence,
  acceptUnknownLicence,
}: Omit<ReviewedOptions, keyof WriteDatasetOptions | 'review'>): DatasetSource {
  return {
    id: 'reviewed',
    title: 'Pictures that validators asked about, labelled by hand',
    licence: requireLicence(licence, 'what validators send', acceptUnknownLicence ?? false),
    attribution: null,
    url: null,
    revision: null,
  };
}

/**
 * Makes a dataset of the answers of a review.
 *
 * @throws Sv72Error ERR_DATA_LICENCE, and those of `writeDataset`
 */
export async function writeReviewed({ review, ...options }: ReviewedOptions): Promise<WrittenDataset> {
  const source = reviewSource(options);
  const pictures: NewPicture[] = [];
  for (const [sha256, { verdict, disagreeing, models }] of review.verdicts) {
    if (verdict === 'skip') continue;
    pictures.push({
      origin: `${sha256} ${verdict}`,
      load: () => review.picture(sha256),
      label: verdict === 'yes' ? 1 : 0,
      source: source.id,
      tags: ['hard', disagreeing ? 'disagreement' : 'uncertain', ...models.map((model) => `model:${model}`)],
    });
  }
  const state = pictures.map(({ origin }) => origin).join('\n');
  return await writeDataset({ ...options, sources: [source], pictures, expected: pictures.length, state });
}
