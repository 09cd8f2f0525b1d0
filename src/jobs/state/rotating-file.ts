import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

/** Appends lines to a file; a full one becomes `<name>.1`, and so on up to `.keep`, the oldest is removed. */
export class RotatingFile {
  readonly #path: string;
  readonly #most: number;
  readonly #keep: number;
  #file: number;
  #size: number;

  /** @param most bytes of one file @param keep older files beside it */
  constructor(path: string, most = 8 * 1_048_576, keep = 4) {
    this.#path = path;
    this.#most = most;
    this.#keep = keep;
    this.#file = openSync(path, 'a', 0o600);
    this.#size = statSync(path).size;
  }

  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#size > 0 && this.#size + bytes.length > this.#most) this.#rotate();
    writeSync(this.#file, bytes);
    this.#size += bytes.length;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** What fails here leaves the open file as it was, so that no line ever goes to another one. */
  #rotate(): void {
    rmSync(`${this.#path}.${this.#keep}`, { force: true });
    for (let number = this.#keep; number > 0; number--) {
      const older = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      if (statSync(older, { throwIfNoEntry: false })) renameSync(older, `${this.#path}.${number}`);
    }
    const next = openSync(this.#path, 'a', 0o600);
    closeSync(this.#file);
    this.#file = next;
    this.#size = 0;
  }
}
