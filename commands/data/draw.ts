import { Args, Flags } from '@oclif/core';
import { drawDataset } from '../../src/data/index.ts';
import { DataCommand, sharesOf, writeFlags } from '../../src/data-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DataDraw extends DataCommand {
  static override summary = 'Draw a dataset of street scenes, half of them with road works.';
  static override description =
    'For trying things out: a model that learned drawings has never seen a photograph. The same seed draws the same set.';
  static override examples = [
    '<%= config.bin %> data draw ./drawn',
    '<%= config.bin %> data draw ./drawn --count 5000 --seed 1 --validation 0.1 --test 0.2',
  ];
  static override args = {
    folder: Args.string({ description: 'folder to make', required: true }),
  };
  static override flags = {
    ...withEnv({
      count: Flags.integer({ summary: 'scenes to draw', default: 2_000, min: 2, max: 1_000_000 }),
      seed: Flags.integer({
        summary: 'another number, other scenes',
        default: 0,
        min: 0,
        max: 1_000_000_000,
      }),
      width: Flags.integer({
        summary: 'width in pixels; the height is three quarters of it',
        default: 320,
        min: 64,
        max: 8_000,
      }),
    }),
    ...writeFlags,
  };

  async run(): Promise<ResultOf<'data draw'>> {
    const { args, flags } = await this.parse(DataDraw);
    const { count, seed, width, name, replace } = flags;
    const split = { seed, shares: sharesOf(flags) };
    return await this.write(`Drawing ${args.folder}`, (writing) =>
      drawDataset({
        ...writing,
        ...{ dir: args.folder, count, seed, width, split, replace },
        ...(name !== undefined && { name }),
      }),
    );
  }
}
