const HEAD_END = Buffer.from('\r\n\r\n');

/** Finds the end of one HTTP/1.1 answer at a time in what a socket delivers. Answers need a content-length. */
export class AnswerReader {
  #head: Buffer = Buffer.alloc(0);
  /** Body bytes still to come; undefined while the head is incomplete. */
  #missing: number | undefined;
  #status = 0;

  /** @returns the status once the answer is complete */
  read(chunk: Buffer): number | undefined {
    if (this.#missing === undefined) {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf(HEAD_END);
      if (end === -1) return undefined;
      const head = this.#head.toString('latin1', 0, end);
      this.#status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      if (length === undefined) throw new Error(`an answer without content-length: ${head}`);
      this.#missing = Number(length) - (this.#head.length - end - HEAD_END.length);
    } else {
      this.#missing -= chunk.length;
    }
    if (this.#missing > 0) return undefined;
    this.reset();
    return this.#status;
  }

  reset(): void {
    this.#head = Buffer.alloc(0);
    this.#missing = undefined;
  }
}
