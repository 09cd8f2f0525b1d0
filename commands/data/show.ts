import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { writeWhole } from '../../src/config/index.ts';
import { contactSheet, openDataset, summarize } from '../../src/data/index.ts';
import { DataCommand, summaryJson, summaryLines } from '../../src/data-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DataShow extends DataCommand {
  static override summary = 'Show what a dataset holds: classes, sizes, sources, places, duplicates, tags.';
  static override description =
    'With --html a page with pictures of every class is written, all in one file.';
  static override examples = [
    '<%= config.bin %> data show ./set',
    '<%= config.bin %> data show ./set --html ./set.html --each 60',
  ];
  static override args = {
    folder: Args.string({ description: 'folder with a dataset.json', required: true }),
  };
  static override flags = withEnv({
    html: Flags.string({ summary: 'file for a page with pictures' }),
    each: Flags.integer({
      summary: 'pictures of each class and split on the page',
      default: 24,
      min: 1,
      max: 1_000,
    }),
  });

  async run(): Promise<ResultOf<'data show'>> {
    const { args, flags } = await this.parse(DataShow);
    const dataset = await openDataset(args.folder);
    const summary = await summarize(dataset);
    for (const line of summaryLines(dataset, summary)) this.say(line);
    const html = flags.html === undefined ? null : resolve(flags.html);
    if (html !== null) {
      await this.progress('Drawing the page', async () =>
        writeWhole(html, await contactSheet(dataset, summary, { each: flags.each })),
      );
      this.say(`Pictures: ${html}`);
    }
    const { dir, fingerprint, manifest } = dataset;
    return {
      path: dir,
      name: manifest.name,
      fingerprint,
      counts: manifest.counts,
      sources: manifest.sources,
      summary: summaryJson(summary),
      html,
    };
  }
}
