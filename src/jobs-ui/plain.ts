import type { Preparation, ProgressRecord } from '../jobs/index.ts';
import type { Display } from './display.ts';
import { progressText } from './text.ts';

/** Between two lines of the same phase. */
const EVERY_MS = 5_000;

/** Lines for a file or a pipe: each phase when it begins and ends, and in between now and then. */
export function plainDisplay(write: (line: string) => void, now: () => number = Date.now): Display {
  let phase: string | undefined;
  let shownAt = 0;
  let waiting: ProgressRecord | undefined;
  let prepared: string | undefined;
  const flush = (): void => {
    if (waiting) write(progressText(waiting, false));
    waiting = undefined;
  };
  return {
    preparation(preparation) {
      const text = preparationText(preparation);
      if (text !== undefined && text !== prepared) write(text);
      prepared = text;
    },
    record(record) {
      if (record.event === 'result') return;
      if (record.event === 'warning') {
        write(`Warning: ${record.message}`);
        return;
      }
      if (record.phase === phase && now() - shownAt < EVERY_MS) {
        waiting = record;
        return;
      }
      if (record.phase !== phase) flush();
      waiting = undefined;
      phase = record.phase;
      shownAt = now();
      write(progressText(record, false));
    },
    log: () => undefined,
    notice: write,
    async end() {
      flush();
    },
  };
}

function preparationText(preparation: Preparation): string | undefined {
  if (preparation.step === 'check') return undefined;
  if (preparation.step === 'started') {
    return `Started ${preparation.id} (${preparation.runtime}); log: ${preparation.logFile}`;
  }
  return `Preparing: ${preparation.what}`;
}
