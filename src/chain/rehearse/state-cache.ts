import type { ForkDatabase, Remote } from './chopsticks.ts';

/** Keys of one storage item start with 32 bytes of hash. */
const ITEM_LENGTH = 66;
/** Misses under one item after which its neighbours are fetched in advance. */
const PATIENCE = 3;
const PAGE = 1000;
const BATCH = 250;

/**
 * The state of the forked block as far as it is known, in memory.
 *
 * A runtime reads one key after the other and waits for each; over the internet that is a tenth of a second each, and
 * a block of a large chain reads thousands. Where it walks through a map, the rest is therefore fetched in a few large requests:
 * the whole map, or if that is too large, the part that the last misses have in common (all UIDs of one subnet, say).
 */
export class StateCache implements ForkDatabase {
  /** Set as soon as there is a connection. */
  remote: Remote | undefined;
  readonly #block: string;
  readonly #values = new Map<string, string | null>();
  /** Prefixes all of whose keys are in #values. */
  readonly #complete = new Set<string>();
  readonly #fetches = new Map<string, Promise<void>>();
  readonly #misses = new Map<string, string[]>();

  constructor(block: string) {
    this.#block = block;
  }

  async queryStorage(block: string, key: string): Promise<{ value: string | null } | null> {
    if (block !== this.#block) return null;
    const known = this.#known(key);
    if (known) return known;
    await this.#missed(key);
    return this.#known(key) ?? null;
  }

  async saveStorage(block: string, key: string, value: string | null): Promise<void> {
    if (block === this.#block) this.#values.set(key, value);
  }

  #known(key: string): { value: string | null } | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) return { value };
    for (const prefix of this.#complete) if (key.startsWith(prefix)) return { value: null };
    return undefined;
  }

  async #missed(key: string): Promise<void> {
    if (key.length <= ITEM_LENGTH) return;
    const item = key.slice(0, ITEM_LENGTH);
    const misses = [...(this.#misses.get(item) ?? []), key].slice(-PATIENCE);
    this.#misses.set(item, misses);
    if (misses.length < PATIENCE) return;
    await this.#ahead(item);
    if (!this.#complete.has(item)) await this.#ahead(common(misses));
  }

  /** Fetches all there is under a prefix, unless that was done or tried. */
  #ahead(prefix: string): Promise<void> {
    const fetching = this.#fetches.get(prefix) ?? this.#fetch(prefix);
    this.#fetches.set(prefix, fetching);
    return fetching;
  }

  async #fetch(prefix: string): Promise<void> {
    if (this.remote === undefined) return;
    try {
      const keys = await this.remote.getKeysPaged(prefix, PAGE, prefix, this.#block);
      if (keys.length >= PAGE) return;
      for (let start = 0; start < keys.length; start += BATCH) {
        const batch = keys.slice(start, start + BATCH);
        const values = await this.remote.getStorageBatch('0x', batch, this.#block);
        for (const [key, value] of values) this.#values.set(key, value);
      }
      this.#complete.add(prefix);
    } catch {
      // An endpoint that does not answer such questions answers the single ones.
    }
  }

  // Blocks are chopsticks' own affair: nothing is kept of them.
  async close(): Promise<void> {}
  async saveBlock(): Promise<void> {}
  async deleteBlock(): Promise<void> {}
  async queryBlock(): Promise<null> {
    return null;
  }
  async queryBlockByNumber(): Promise<null> {
    return null;
  }
  async queryHighestBlock(): Promise<null> {
    return null;
  }
  async blocksCount(): Promise<number> {
    return 0;
  }
}

/** The longest start that all keys share, in whole bytes. */
function common(keys: readonly string[]): string {
  const [first = '', ...rest] = keys;
  let length = first.length;
  for (const key of rest) {
    let same = 0;
    while (same < length && key[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length - (length % 2));
}
