/** A line longer than this is cut: what a job prints is not trusted to end. */
const LONGEST = 1_048_576;

/** Cuts a stream of bytes into lines (at LF, CR or both; UTF-8, wrong bytes replaced). */
export class Lines {
  readonly #decoder = new TextDecoder();
  readonly #take: (line: string) => void;
  #rest = '';
  #afterReturn = false;
  #cutting = false;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(chunk: Uint8Array): void {
    this.#add(this.#decoder.decode(chunk, { stream: true }));
  }

  /** The last line may have no end. */
  end(): void {
    this.#add(this.#decoder.decode());
    if (this.#rest !== '') this.#give();
  }

  #add(text: string): void {
    let from = 0;
    for (const match of text.matchAll(/[\r\n]/g)) {
      const piece = text.slice(from, match.index);
      from = match.index + 1;
      const second = match[0] === '\n' && this.#afterReturn && piece === '';
      this.#afterReturn = match[0] === '\r';
      if (!second) this.#append(piece, true);
    }
    const left = text.slice(from);
    if (left !== '') {
      this.#afterReturn = false;
      this.#append(left, false);
    }
  }

  #append(piece: string, ended: boolean): void {
    if (!this.#cutting) this.#rest += piece;
    if (this.#rest.length > LONGEST) {
      this.#rest = `${this.#rest.slice(0, LONGEST)}…`;
      this.#give();
      this.#cutting = true;
    } else if (ended && !this.#cutting) this.#give();
    if (ended) this.#cutting = false;
  }

  #give(): void {
    const line = this.#rest;
    this.#rest = '';
    this.#take(line);
  }
}
