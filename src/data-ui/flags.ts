import { Flags } from '@oclif/core';
import type { Shares } from '../data/index.ts';
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

/** The shares that the flags ask for. @throws Sv72Error ERR_USAGE when nothing is left for training */
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
