import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { dataFolder, ourSurroundings, storeFile } from '../../src/config/index.ts';
import {
  type Candidate,
  exportFiftyOne,
  hardPictures,
  openReview,
  type Review,
  requirePlace,
  reviewSource,
  startReviewServer,
  writeReviewed,
} from '../../src/data/index.ts';
import { DataCommand, sharesOf, writeFlags } from '../../src/data-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { imagePath } from '../../src/store/index.ts';
import { settingFlag, withEnv } from '../../src/ui/index.ts';

export default class DataHard extends DataCommand {
  static override summary =
    'Review the pictures that your models found hard, and make a dataset of the answers.';
  static override description =
    'Takes from the store of `serve` the pictures on which answers disagreed, then those nearest to 0.5, and serves a page on this machine: y yes, n no, s skip, u back, d done. ' +
    'Every answer is kept at once, in a folder beside the dataset; Ctrl-C ends the page, too, and the next run goes on. Needs kept pictures: `serve --keep-images`.';
  static override examples = [
    '<%= config.bin %> data hard ./hard --accept-unknown-licence',
    '<%= config.bin %> data hard ./hard --accept-unknown-licence --disagreeing --limit 50 --days 7',
    '<%= config.bin %> data hard ./hard --fiftyone ./fiftyone',
  ];
  static override args = { folder: Args.string({ description: 'folder to make', required: true }) };
  static override flags = {
    ...withEnv({
      limit: Flags.integer({ summary: 'pictures to review', default: 200, min: 1, max: 100_000 }),
      days: Flags.integer({ summary: 'only what was asked in the last so many days', min: 1 }),
      disagreeing: Flags.boolean({ summary: 'only pictures on which answers fell on both sides of 0.5' }),
      again: Flags.boolean({ summary: 'show pictures that were answered before, too' }),
      fiftyone: Flags.string({
        summary: 'write the pictures for FiftyOne into this folder instead of a review',
      }),
      port: Flags.integer({ summary: 'port of the page (default: any)', min: 0, max: 65_535, default: 0 }),
      licence: Flags.string({ summary: 'licence of the pictures', aliases: ['license'] }),
      'accept-unknown-licence': Flags.boolean({
        summary: 'take pictures whose licence is not known, on your own responsibility',
        aliases: ['accept-unknown-license'],
      }),
    }),
    store: settingFlag('store.path'),
    ...writeFlags,
  };

  async run(): Promise<ResultOf<'data hard'>> {
    const { args, flags } = await this.parse(DataHard);
    if (flags.fiftyone === undefined) await requirePlace(args.folder, true);
    const { images, ...found } = await this.candidates(flags);
    const review = await openReview(resolve(`${args.folder.replace(/\/+$/, '')}.review`));
    const candidates = found.candidates.filter(({ sha256 }) => flags.again || !review.verdicts.has(sha256));
    const counts = { candidates: found.candidates.length, review: review.dir };
    const pathOf = (sha256: string) => imagePath(images, sha256);
    try {
      if (flags.fiftyone !== undefined) {
        const dir = resolve(flags.fiftyone);
        const exported = await exportFiftyOne(dir, found.candidates, review.verdicts, pathOf);
        this.say(`${exported} pictures for FiftyOne in ${dir}: labels.json, predictions.json, data`);
        return { ...counts, ...tally(review), exported: dir, dataset: null };
      }
      const rules = {
        ...(flags.licence !== undefined && { licence: flags.licence }),
        acceptUnknownLicence: flags['accept-unknown-licence'],
      };
      reviewSource(rules);
      if (candidates.length > 0) await this.review(candidates, review, pathOf, flags.port);
      else this.note('Every picture was answered before; --again shows them once more.');
      const answers = tally(review);
      this.say(`${answers.yes} yes, ${answers.no} no, ${answers.skipped} skipped; kept in ${review.dir}`);
      if (answers.yes + answers.no === 0) return { ...counts, ...answers, exported: null, dataset: null };
      const dataset = await this.write(`Writing ${args.folder}`, (writing) =>
        writeReviewed({
          ...writing,
          ...rules,
          ...{ dir: args.folder, review, replace: true, split: { seed: 0, shares: sharesOf(flags) } },
          ...(flags.name !== undefined && { name: flags.name }),
        }),
      );
      return { ...counts, ...answers, exported: null, dataset };
    } finally {
      await review.close();
    }
  }

  private async candidates(flags: {
    readonly limit: number;
    readonly days: number | undefined;
    readonly disagreeing: boolean;
  }): Promise<{ candidates: Candidate[]; images: string }> {
    const { settings } = await this.settings();
    const surroundings = ourSurroundings();
    const data = dataFolder(surroundings);
    const images = resolve(data, 'images');
    const candidates = hardPictures({
      store: storeFile(settings, surroundings),
      images,
      limit: flags.limit,
      disagreeing: flags.disagreeing,
      ...(flags.days !== undefined && { since: Date.now() - flags.days * 86_400_000 }),
    });
    return { candidates, images };
  }

  /** Serves the page until the person is done or presses Ctrl-C. */
  private async review(
    candidates: readonly Candidate[],
    review: Review,
    pathOf: (sha256: string) => string,
    port: number,
  ): Promise<void> {
    const { readFile } = await import('node:fs/promises');
    const server = await startReviewServer({
      candidates,
      review,
      port,
      picture: (sha256) => readFile(pathOf(sha256)),
    });
    try {
      this.note(`${candidates.length} pictures to review; open ${server.url}`);
      await this.interruptible('Waiting for your answers (d or Ctrl-C when done)', async (signal) => {
        const stopped = new Promise<void>((stop) => signal.addEventListener('abort', () => stop()));
        await Promise.race([server.done, stopped]);
      });
    } finally {
      await server.close();
    }
  }
}

function tally({ verdicts }: Review): { yes: number; no: number; skipped: number } {
  const counts = { yes: 0, no: 0, skip: 0 };
  for (const { verdict } of verdicts.values()) counts[verdict]++;
  return { yes: counts.yes, no: counts.no, skipped: counts.skip };
}
