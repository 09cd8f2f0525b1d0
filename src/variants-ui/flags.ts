import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { cacheFolder, ourSurroundings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { withEnv } from '../ui/index.ts';
import type { GateOptions } from '../variants/index.ts';

/** How strictly a variant is judged, and on what. */
export const gateFlags = withEnv({
  'max-flips': Flags.custom<number>({
    summary: 'per cent of decisions that may differ',
    parse: async (text) => percentOf(text),
    helpGroup: 'GATE',
  })({ default: 0.2 }),
  pictures: Flags.integer({
    summary: 'augmented pictures to decide on, at least (or all there are)',
    default: 2_000,
    min: 10,
    max: 1_000_000,
    helpGroup: 'GATE',
  }),
  seed: Flags.integer({
    summary: 'other pictures, crops and levels',
    default: 0,
    min: 0,
    helpGroup: 'GATE',
  }),
});

/** What the flags say, under every condition of the validators; answers are remembered in the cache folder. */
export function gateTerms(flags: {
  readonly 'max-flips': number;
  readonly pictures: number;
  readonly seed: number;
}): Pick<GateOptions, 'pictures' | 'limit' | 'conditions' | 'memory'> {
  const { pictures, seed } = flags;
  return {
    pictures,
    limit: flags['max-flips'] / 100,
    conditions: { generations: [1, 2, 3], levels: [0, 1, 2, 3], seed },
    memory: join(cacheFolder(ourSurroundings()), 'evaluate'),
  };
}

/** @throws ERR_USAGE */
function percentOf(text: string): number {
  const value = Number(text.replace(/ ?%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new Sv72Error('ERR_USAGE', `"${text}" is not per cent from 0 to 100.`);
}
