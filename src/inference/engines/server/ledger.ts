import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Spending } from './health.ts';

const KEPT_DAYS = 31;
const DAY_MS = 86_400_000;

export interface LedgerOptions {
  /** Where the days' files are, one folder for each server. */
  readonly folder: string;
  /** null: no limit, only a record. */
  readonly perDay: number | null;
  /** Unix time, ms. */
  readonly now?: () => number;
}

/**
 * What a server cost today (UTC), in a file that several processes add to: one line for each amount. What a request may
 * cost is written down before it is sent, and corrected when its price is known; so a crash counts too much, never too
 * little, and two processes cannot both spend the rest.
 */
export class Ledger {
  readonly #folder: string;
  readonly #perDay: number | null;
  readonly #now: () => number;
  #day = '';
  #read = 0;
  #partial = '';
  #sum = 0;

  /** @throws Error when the folder cannot be made */
  constructor({ folder, perDay, now = Date.now }: LedgerOptions) {
    this.#folder = folder;
    this.#perDay = perDay;
    this.#now = now;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const oldest = `${dayOf(now() - KEPT_DAYS * DAY_MS)}.log`;
    for (const name of readdirSync(folder)) {
      if (/^\d{4}-\d\d-\d\d\.log$/.test(name) && name < oldest) rmSync(join(folder, name), { force: true });
    }
  }

  /** @throws Error when the file cannot be read */
  spending(): Spending {
    return { today: Math.max(0, this.#total(dayOf(this.#now()))), perDay: this.#perDay };
  }

  /**
   * Sets aside what a request may cost. Undefined: that is more than is left today. The function that is given back
   * takes what it did cost, once.
   *
   * @throws Error when it cannot be written down
   */
  reserve(amount: number): ((cost: number) => void) | undefined {
    const day = dayOf(this.#now());
    this.#write(day, amount);
    if (this.#perDay !== null && this.#total(day) > this.#perDay) {
      this.#write(day, -amount);
      return undefined;
    }
    return (cost) => this.#write(day, cost - amount);
  }

  /** Writes down what was spent, whatever is left. @throws Error when it cannot be written down */
  add(amount: number): void {
    this.#write(dayOf(this.#now()), amount);
  }

  #write(day: string, amount: number): void {
    if (amount === 0) return;
    appendFileSync(join(this.#folder, `${day}.log`), `${amount.toPrecision(12)}\n`, { mode: 0o600 });
  }

  #total(day: string): number {
    if (day !== this.#day) {
      this.#day = day;
      this.#read = 0;
      this.#partial = '';
      this.#sum = 0;
    }
    const lines = (this.#partial + this.#rest(join(this.#folder, `${day}.log`))).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      const amount = Number(line);
      if (line !== '' && Number.isFinite(amount)) this.#sum += amount;
    }
    return this.#sum;
  }

  /** What was added to the file since the last look. */
  #rest(file: string): string {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= this.#read) return '';
    const bytes = Buffer.alloc(size - this.#read);
    const handle = openSync(file, 'r');
    try {
      const count = readSync(handle, bytes, 0, bytes.length, this.#read);
      this.#read += count;
      return bytes.toString('latin1', 0, count);
    } finally {
      closeSync(handle);
    }
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
