import type { Runtime } from '../codec/runtime.ts';
import type { Connection } from '../rpc/connection.ts';
import type { Entry, Features, Hex, Plain, PlainInput, Reads } from '../types.ts';
import { asOurs, hexAnswer, unknownForm } from './answers.ts';
import { StorageBatch } from './storage-batch.ts';

const PAGE = 1000;
const MOST_ENTRIES = 100_000;

/** Reads of one state, decoded by its runtime. */
export class State implements Reads {
  readonly runtime: Runtime;
  readonly #connection: Connection;
  readonly #hash: Hex | undefined;
  readonly #batch: StorageBatch;

  /** @param hash the block; undefined: the best one at the time of each read */
  constructor(connection: Connection, runtime: Runtime, hash: Hex | undefined) {
    this.#connection = connection;
    this.runtime = runtime;
    this.#hash = hash;
    this.#batch = new StorageBatch(connection, hash);
  }

  get has(): Features {
    return this.runtime.has;
  }

  async storage(pallet: string, item: string, ...keys: readonly PlainInput[]): Promise<Plain> {
    const query = this.runtime.storage(pallet, item, keys);
    const stored = await named(`${pallet}.${item}`, this.#batch.get(query.key));
    return query.decode(stored);
  }

  async entries(
    pallet: string,
    item: string,
    ...firstKeys: readonly PlainInput[]
  ): Promise<readonly Entry[]> {
    const what = `${pallet}.${item}`;
    const query = this.runtime.storage(pallet, item, firstKeys);
    // All pages of one state, also when blocks come meanwhile.
    const hash = this.#hash ?? hexAnswer(await this.#ask(what, 'chain_getBlockHash', []), 'its best block');
    const batch = new StorageBatch(this.#connection, hash);
    const entries: Entry[] = [];
    let last: Hex = query.key;
    while (entries.length < MOST_ENTRIES) {
      const page = await this.#ask(what, 'state_getKeysPaged', [query.key, PAGE, last, hash]);
      if (!Array.isArray(page)) throw unknownForm(what);
      const keys = page.map((key) => hexAnswer(key, what));
      const values = await named(what, Promise.all(keys.map((key) => batch.get(key))));
      for (const [index, key] of keys.entries()) {
        const stored = values[index];
        if (stored !== undefined) entries.push({ keys: query.decodeKeys(key), value: query.decode(stored) });
      }
      const end = keys.at(-1);
      if (keys.length < PAGE || end === undefined || end === last) return entries;
      last = end;
    }
    return entries;
  }

  async runtimeApi(api: string, method: string, args: readonly PlainInput[] = []): Promise<Plain> {
    const call = this.runtime.api(api, method, args);
    const at = this.#hash === undefined ? [] : [this.#hash];
    const what = `${api}.${method}`;
    const answer = await this.#ask(what, 'state_call', [call.name, call.args, ...at]);
    return call.decode(hexAnswer(answer, what));
  }

  constant(pallet: string, name: string): Plain {
    return this.runtime.constant(pallet, name);
  }

  async #ask(what: string, method: string, params: readonly unknown[]): Promise<unknown> {
    return await named(what, this.#connection.read(method, params));
  }
}

/** Tells what was read when it fails. */
async function named<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asOurs(error, what);
  }
}
