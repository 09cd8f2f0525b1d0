/** So many of the last times count. */
const LAST = 16;
/** A stage that was passed over for lack of time is believed to be this much faster each time, until it is tried again. */
const HOPE = 0.9;

/** How long a stage takes: the upper end of its last times, so that it is asked only when it will likely be done. */
export class Pace {
  #times: number[];
  #hope = 1;

  /** @param first a guess before anything was measured, ms */
  constructor(first: number) {
    this.#times = [first];
  }

  /** Nine of ten answers are there within this time, ms. */
  get ms(): number {
    const sorted = [...this.#times].sort((a, b) => a - b);
    return (sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0) * this.#hope;
  }

  took(ms: number): void {
    this.#hope = 1;
    this.#times.push(ms);
    if (this.#times.length > LAST) this.#times.shift();
  }

  /** What was measured before counts no more. */
  restart(ms: number): void {
    this.#hope = 1;
    this.#times = [ms];
  }

  /** There was no time for it. What made it slow may be over, so it must not be passed over for ever. */
  passed(): void {
    this.#hope *= HOPE;
  }
}
