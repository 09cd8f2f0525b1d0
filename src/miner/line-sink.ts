import type { Writable } from 'node:stream';

/** Where lines go. Nothing it does can hold up or end the process. */
export interface LineSink {
  write(line: string): void;
  /** Lines that were dropped because nobody read them. */
  readonly dropped: number;
}

const MOST_WAITING = 1024 * 1024;

/**
 * Lines to a stream that may be slow, or gone: what a reader does not take is dropped beyond a MiB, and a closed pipe
 * ends the output, not the miner.
 */
export function createLineSink(stream: Writable): LineSink {
  let dropped = 0;
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    write(line) {
      if (gone || stream.writableLength > MOST_WAITING) dropped += 1;
      else stream.write(`${line}\n`);
    },
    get dropped() {
      return dropped;
    },
  };
}
