import { Flags } from '@oclif/core';
import type { ImportRules, Shares } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { withEnv } from '../ui/index.ts';

/** For commands that write a dataset. */
export const writeFlags = withEnv({
  name: Flags.string({ summary: "name of the dataset (default: the folder's)" }),
  validation: Flags.custom<number>({
    summary: 'share of the pictures that chooses among models',
    parse: share,
    default: 0.1,
  })(),
  test: Flags.custom<number>({
    summary: 'share of the pictures that is kept for the final measure',
    parse: share,
    default: 0.1,
  })(),
  replace: Flags.boolean({ summary: 'put the new dataset in the place of what is there' }),
});

/** For commands that take in pictures which others made. */
export const importFlags = withEnv({
  licence: Flags.string({ summary: 'licence of the pictures', aliases: ['license'] }),
  'accept-unknown-licence': Flags.boolean({
    summary: 'take pictures whose licence is not known, on your own responsibility',
    aliases: ['accept-unknown-license'],
  }),
  'label-column': Flags.string({ summary: 'column of the labels, where it is not found by its name' }),
  'image-column': Flags.string({ summary: 'column of the pictures or their paths' }),
  positive: Flags.string({
    summary: 'word or class that means roadwork; may be repeated',
    multiple: true,
    multipleNonGreedy: true,
  }),
  negative: Flags.string({
    summary: 'word or class that means none; may be repeated',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'validators-filter': Flags.boolean({
    summary:
      'take only what validators take: a scene_description exactly where the label is roadwork (default: where there is such a column)',
    allowNo: true,
  }),
  'split-seed': Flags.integer({ summary: 'another number, another split', default: 0, min: 0 }),
  'shorter-side': Flags.integer({
    summary: 'scale larger pictures down to this; 768 keeps all that validators show',
    min: 224,
    max: 8_192,
  }),
});

interface Given {
  readonly licence: string | undefined;
  readonly 'accept-unknown-licence': boolean;
  readonly 'label-column': string | undefined;
  readonly 'image-column': string | undefined;
  readonly positive: string[] | undefined;
  readonly negative: string[] | undefined;
  readonly 'validators-filter': boolean | undefined;
}

/** The rules of reading that the flags ask for. */
export function importRules(flags: Given): ImportRules {
  const { licence, positive, negative } = flags;
  const labelColumn = flags['label-column'];
  const imageColumn = flags['image-column'];
  const validatorsFilter = flags['validators-filter'];
  return {
    ...(licence !== undefined && { licence }),
    ...(flags['accept-unknown-licence'] && { acceptUnknownLicence: true }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(imageColumn !== undefined && { imageColumn }),
    ...(positive !== undefined && { positive }),
    ...(negative !== undefined && { negative }),
    ...(validatorsFilter !== undefined && { validatorsFilter }),
  };
}

/** The shares that the flags ask for. @throws Sv72Error ERR_USAGE when they are more than the whole */
export function sharesOf({
  validation,
  test,
}: {
  readonly validation: number;
  readonly test: number;
}): Shares {
  const train = 1 - validation - test;
  if (train < -1e-9) {
    throw new Sv72Error('ERR_USAGE', '--validation and --test together are more than the whole set.');
  }
  return { train: Math.max(0, Math.round(train * 1e6) / 1e6), validation, test };
}

async function share(text: string): Promise<number> {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new Sv72Error('ERR_USAGE', 'It takes a number from 0 to 1.');
}
