import { isHex } from '../codec/hex.ts';
import type { Connection } from '../rpc/connection.ts';
import { RpcError } from '../rpc/failures.ts';
import type { Hex } from '../types.ts';
import { isObject, unknownForm } from './answers.ts';

interface Wanted {
  readonly key: Hex;
  readonly resolve: (stored: Hex | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys in one request: endpoints limit the size of an answer. */
const MOST_KEYS = 256;

/** Stored values at one state. Those that are wanted in the same tick are asked for together. */
export class StorageBatch {
  readonly #connection: Connection;
  readonly #hash: Hex | undefined;
  #wanted: Wanted[] = [];
  #together = true;

  constructor(connection: Connection, hash: Hex | undefined) {
    this.#connection = connection;
    this.#hash = hash;
  }

  get(key: Hex): Promise<Hex | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#wanted.length === 0) queueMicrotask(() => this.#flush());
      this.#wanted.push({ key, resolve, reject });
    });
  }

  #flush(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (let at = 0; at < wanted.length; at += MOST_KEYS) this.#ask(wanted.slice(at, at + MOST_KEYS));
  }

  async #ask(wanted: readonly Wanted[]): Promise<void> {
    try {
      if (wanted.length > 1 && this.#together) {
        const stored = await this.#many([...new Set(wanted.map(({ key }) => key))]);
        for (const { key, resolve } of wanted) resolve(stored.get(key));
        return;
      }
      await Promise.all(wanted.map(async ({ key, resolve }) => resolve(await this.#one(key))));
    } catch (error) {
      if (error instanceof RpcError && error.unknownMethod && this.#together) {
        this.#together = false;
        await this.#ask(wanted);
        return;
      }
      for (const { reject } of wanted) reject(error);
    }
  }

  async #one(key: Hex): Promise<Hex | undefined> {
    return stored(await this.#connection.read('state_getStorage', this.#at([key])));
  }

  async #many(keys: readonly Hex[]): Promise<Map<string, Hex | undefined>> {
    const answer = await this.#connection.read('state_queryStorageAt', this.#at([keys]));
    const found = new Map<string, Hex | undefined>();
    if (!Array.isArray(answer)) throw unknownForm('a read of storage');
    for (const set of answer) {
      const changes: unknown = isObject(set) ? set.changes : undefined;
      if (!Array.isArray(changes)) throw unknownForm('a read of storage');
      for (const change of changes) {
        if (Array.isArray(change)) found.set(String(change[0]), stored(change[1]));
      }
    }
    return found;
  }

  #at(params: readonly unknown[]): readonly unknown[] {
    return this.#hash === undefined ? params : [...params, this.#hash];
  }
}

function stored(answer: unknown): Hex | undefined {
  if (answer === null || answer === undefined) return undefined;
  if (isHex(answer)) return answer;
  throw unknownForm('a read of storage');
}
