import { Lru } from './lru.ts';

interface Record {
  /** Failed checks, halved every ten seconds. */
  failures: number;
  at: number;
  authenticated: boolean;
}

const HALF_LIFE_MS = 10_000;

/** What is remembered about sources (addresses, sessions) that asked for signature checks. Bounded. */
export class Reputation {
  readonly #records: Lru<string, Record>;
  readonly #now: () => number;

  constructor(capacity: number, now: () => number) {
    this.#records = new Lru(capacity);
    this.#now = now;
  }

  authenticated(name: string): boolean {
    return this.#records.get(name)?.authenticated ?? false;
  }

  /** Recent failures. */
  failures(name: string): number {
    const record = this.#records.get(name);
    return record === undefined ? 0 : this.#faded(record);
  }

  note(name: string, valid: boolean): void {
    const record = this.#records.get(name) ?? { failures: 0, at: this.#now(), authenticated: false };
    record.failures = this.#faded(record) + (valid ? 0 : 1);
    record.at = this.#now();
    record.authenticated ||= valid;
    this.#records.set(name, record);
  }

  #faded(record: Record): number {
    return record.failures * 0.5 ** ((this.#now() - record.at) / HALF_LIFE_MS);
  }
}
