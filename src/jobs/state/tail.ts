import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Lines } from '../lines.ts';

const CHUNK = 65_536;

/** Reads what is added to a file that may be rotated, a piece at each `read()`. */
export class Tail {
  readonly #path: string;
  readonly #lines: Lines;
  #file: number | undefined;
  #offset = 0;

  /** @param fromEnd whether what is there already is skipped */
  constructor(path: string, take: (line: string) => void, fromEnd = false) {
    this.#path = path;
    this.#lines = new Lines(take);
    if (!fromEnd) return;
    this.#open();
    if (this.#file !== undefined) this.#offset = fstatSync(this.#file).size;
  }

  /** Gives the new lines. After a rotation the rest of the old file comes first. */
  read(): void {
    if (this.#file === undefined) this.#open();
    if (this.#file === undefined) return;
    this.#drain(this.#file);
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === fstatSync(this.#file).ino) return;
    this.#drain(this.#file);
    this.close();
    this.#open();
    if (this.#file !== undefined) this.#drain(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#offset = 0;
  }

  #open(): void {
    try {
      this.#file = openSync(this.#path, 'r');
    } catch {
      this.#file = undefined;
    }
  }

  #drain(file: number): void {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const count = readSync(file, chunk, 0, CHUNK, this.#offset);
      if (count === 0) return;
      this.#offset += count;
      this.#lines.push(chunk.subarray(0, count));
    }
  }
}
