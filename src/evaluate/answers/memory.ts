import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';

/** What a model said to a view, and the size of the picture it was made of, pixels. */
interface Remembered {
  readonly p: number;
  readonly width: number;
  readonly height: number;
}

/** Answers of one model, kept from run to run. */
export interface Memory {
  get(key: string): Remembered | undefined;
  put(key: string, answer: Remembered): void;
  /**
   * Writes what is not written yet.
   * @returns why some answers could not be kept (the disk is full), undefined when all were.
   */
  close(): Promise<string | undefined>;
}

/** A run that is killed loses at most this many answers. */
const AT_ONCE = 32;

/** Remembers nothing. */
export const noMemory: Memory = { get: () => undefined, put: () => {}, close: async () => undefined };

/**
 * Opens a file of answers, one JSON array a line. A line that was cut off by the end of a run is left out, and the next
 * one starts on a line of its own. Two runs may append at the same time.
 *
 * @throws Sv72Error ERR_FILE_WRITE
 */
export async function openMemory(path: string): Promise<Memory> {
  const known = new Map<string, Remembered>();
  let file: FileHandle;
  let torn = false;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(path, 'a', 0o600);
    const text = await readFile(path, 'utf8');
    torn = text !== '' && !text.endsWith('\n');
    for (const line of text.split('\n')) {
      const [key, answer] = parse(line) ?? [];
      if (key !== undefined && answer !== undefined) known.set(key, answer);
    }
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_WRITE', `The answers of this evaluation cannot be kept in ${path}.`, {
      next: 'Make room there or let it be written; --fresh does without remembered answers.',
      cause,
    });
  }
  let waiting: string[] = torn ? [''] : [];
  let failure: string | undefined;
  let written = Promise.resolve();
  const flush = (): void => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    written = written.then(async () => {
      // After a failure the last line may be half there: what came after it could not be read.
      if (failure !== undefined) return;
      await file.appendFile(`${lines.join('\n')}\n`).catch((error: unknown) => {
        failure = `${path}: ${error instanceof Error ? error.message : String(error)}`;
      });
    });
  };
  return {
    get: (key) => known.get(key),
    put(key, { p, width, height }) {
      known.set(key, { p, width, height });
      waiting.push(JSON.stringify([key, p, width, height]));
      if (waiting.length >= AT_ONCE) flush();
    },
    async close() {
      flush();
      await written;
      await file.close();
      return failure;
    },
  };
}

function parse(line: string): [string, Remembered] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value) || value.length !== 4) return undefined;
    const [key, p, width, height]: unknown[] = value;
    if (typeof key !== 'string' || typeof p !== 'number' || !(p >= 0 && p <= 1)) return undefined;
    if (typeof width !== 'number' || typeof height !== 'number') return undefined;
    return [key, { p, width, height }];
  } catch {
    return undefined;
  }
}
