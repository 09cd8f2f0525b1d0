import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a text file, one in memory at a time. The file is closed when the reader stops early. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, { encoding: 'utf8' });
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    input.destroy();
  }
}
