/** A queue that takes from each source in turn, so that nobody waits behind another source's backlog. */
export class FairQueue<T> {
  readonly #lanes = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(source: string, item: T): void {
    const lane = this.#lanes.get(source);
    if (lane === undefined) this.#lanes.set(source, [item]);
    else lane.push(item);
    this.#length += 1;
  }

  /** The next item; its source goes to the back. */
  shift(): T | undefined {
    for (const [source, lane] of this.#lanes) {
      const item = lane.shift();
      this.#lanes.delete(source);
      if (lane.length > 0) this.#lanes.set(source, lane);
      if (item === undefined) continue;
      this.#length -= 1;
      return item;
    }
    return undefined;
  }
}
