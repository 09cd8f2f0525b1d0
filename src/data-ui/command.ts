import type { WriteProgress, WrittenDataset } from '../data/index.ts';
import type { ResultOf } from '../results/index.ts';
import { Sv72Command } from '../ui/index.ts';
import { commandLine } from './command-line.ts';
import { count } from './numbers.ts';
import { writtenJson, writtenLines } from './written.ts';

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
   */
  protected async write(title: string, work: (writing: Writing) => Promise<WrittenDataset>): Promise<Made> {
    const written = await this.interruptible(title, (signal, status) =>
      work({
        made: { by: `sv72 ${this.config.version}`, command: commandLine(this.id ?? '', this.argv) },
        signal,
        status,
        onProgress: ({ done, of, leftOut }) =>
          status(
            `${count(done)}${of === undefined ? '' : ` of ${count(of)}`}${leftOut > 0 ? `, ${count(leftOut)} left out` : ''}`,
          ),
      }),
    );
    const { lines, notes } = writtenLines(written);
    for (const line of lines) this.say(line);
    for (const note of notes) this.note(note);
    return writtenJson(written);
  }
}
