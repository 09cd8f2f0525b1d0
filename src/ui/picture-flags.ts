import { Flags } from '@oclif/core';
import { withEnv } from './flags.ts';

const PARTS = ['train', 'validation', 'test'] as const;

/** Labelled pictures, and the views of them that a model is shown. */
export function pictureFlags(part: { readonly default: (typeof PARTS)[number]; readonly summary: string }) {
  return withEnv({
    data: Flags.directory({
      summary: 'dataset folder',
      exactlyOne: ['data', 'images'],
      helpGroup: 'PICTURES',
    }),
    images: Flags.directory({
      summary: 'plain folder instead, labels from its sub-folders roadwork and none',
      exists: true,
      helpGroup: 'PICTURES',
    }),
    split: Flags.option({ summary: part.summary, options: PARTS, helpGroup: 'PICTURES' })({
      default: part.default,
    }),
    pictures: Flags.integer({
      summary: 'at most so many, as equally from both classes as there are',
      min: 2,
      helpGroup: 'PICTURES',
    }),
    views: Flags.integer({
      summary: 'different views of a picture at each level from 1 up',
      default: 1,
      min: 1,
      max: 1_000,
      helpGroup: 'VIEWS',
    }),
    seed: Flags.integer({
      summary: 'other crops, angles and severities',
      default: 0,
      min: 0,
      max: 2 ** 31,
      helpGroup: 'VIEWS',
    }),
  });
}

/** Where the pictures are, by those flags. */
export function picturesOf({
  data,
  images,
  split,
}: {
  readonly data: string | undefined;
  readonly images: string | undefined;
  readonly split: (typeof PARTS)[number];
}) {
  return images === undefined
    ? ({ kind: 'dataset', path: data ?? '', split } as const)
    : ({ kind: 'folder', path: images } as const);
}
