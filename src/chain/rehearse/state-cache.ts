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
 * a block of a large chain reads thousands. Where it walks through a map, the rest of the map is therefore fetched in a few
 * large requests: everything under what the last misses have in common.
 */
export class StateCache implements ForkDatabase {
  /** Set as soon as there is a connection. */
  remote: Remote | undefined;
  readonly #block: string;
  readonly #values = new Map<string, string | null>();
  /** Prefixes all of whose keys are in #values. */
  readonly #complete = new Set<string>();
  readonly #tried = new Map<string, Promise<void>>();
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
    const prefix = common(misses);
    const earlier = this.#tried.get(prefix);
    if (earlier) return earlier;
    this.#misses.delete(item);
    const fetching = this.#fetch(prefix);
    this.#tried.set(prefix, fetching);
    await fetching;
  }

  /** One page at most: a map with more entries than that is not read as a whole. */
  async #fetch(prefix: string): Promise<void> {
    try {
      const keys = (await this.remote?.getKeysPaged(prefix, PAGE, prefix, this.#block)) ?? [];
      const wanted = keys.filter((key) => !this.#values.has(key));
      for (let start = 0; start < wanted.length; start += BATCH) {
        const batch = wanted.slice(start, start + BATCH);
        const values = (await this.remote?.getStorageBatch('0x', batch, this.#block)) ?? [];
        for (const [key, value] of values) this.#values.set(key, value);
      }
      if (this.remote && keys.length < PAGE) this.#complete.add(prefix);
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
