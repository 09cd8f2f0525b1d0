import { isNonCommercial, type WriteProgress, type WrittenDataset } from '../data/index.ts';
import type { ResultOf } from '../results/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { count, size } from './numbers.ts';

type Made = ResultOf<'data draw'>;

/** What a command that writes hands to the writer. */
export interface Writing {
  readonly made: { readonly by: string; readonly command: string };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WriteProgress) => void;
  /** Shows another text in the line of progress. */
  readonly status: (text: string) => void;
}

/** What commands that write datasets share. */
export abstract class DataCommand extends Sv72Command {
  /**
   * Runs `work` with a line of progress, and a signal that Ctrl-C gives: what was finished is kept for the next run.
   * @param command the command line that makes the dataset again
   */
  protected async write(
    title: string,
    command: string,
    work: (writing: Writing) => Promise<WrittenDataset>,
  ): Promise<Made> {
    const written = await this.interruptible(title, (signal, status) =>
      work({
        made: { by: `sv72 ${this.config.version}`, command },
        signal,
        status,
        onProgress: ({ done, of, leftOut }) =>
          status(
            `${count(done)}${of === undefined ? '' : ` of ${count(of)}`}${leftOut > 0 ? `, ${count(leftOut)} left out` : ''}`,
          ),
      }),
    );
    return this.show(written);
  }

  /** Runs `work` with a line of progress, and a signal that Ctrl-C gives. */
  protected async interruptible<T>(
    title: string,
    work: (signal: AbortSignal, status: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const stop = () => controller.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      return await this.progress(title, (status) => work(controller.signal, status));
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  }

  private show({ dataset, leftOut, duplicates }: WrittenDataset): Made {
    const { manifest, dir, fingerprint } = dataset;
    const { pictures, bytes, train, validation, test } = manifest.counts;
    this.say(`${dir}: ${count(pictures)} pictures, ${size(bytes)}`);
    for (const [split, { none, roadwork }] of Object.entries({ train, validation, test })) {
      this.say(
        `  ${split.padEnd(10)} ${count(roadwork).padStart(7)} roadwork ${count(none).padStart(7)} none`,
      );
    }
    for (const { id, licence } of manifest.sources) {
      if (isNonCommercial(licence)) this.note(`${id} is under ${licence}, which forbids to earn with it.`);
    }
    if (duplicates > 0) this.say(`  ${count(duplicates)} were there twice and are kept once`);
    if (leftOut.length > 0) {
      this.note(`${count(leftOut.length)} pictures were left out; left-out.jsonl lists them:`);
      for (const { origin, reason } of leftOut.slice(0, 5)) this.note(`  ${origin}: ${reason}`);
    }
    for (const [label, have] of [
      ['with road works', train.roadwork + validation.roadwork + test.roadwork],
      ['without road works', train.none + validation.none + test.none],
    ] as const) {
      if (have === 0)
        this.note(`There is no picture ${label}: training needs both, from this set or another.`);
    }
    return {
      path: dir,
      name: manifest.name,
      fingerprint,
      counts: manifest.counts,
      sources: manifest.sources,
      duplicates,
      leftOut: leftOut.slice(0, 1_000).map((one) => ({ ...one })),
    };
  }
}
