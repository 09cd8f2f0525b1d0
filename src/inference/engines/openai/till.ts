import type { Spending } from '../server/health.ts';
import { Ledger } from '../server/ledger.ts';
import { priceOf } from './cost.ts';
import type { Usage } from './protocol.ts';
import type { Budget } from './spec.ts';

/** Counts tokens, and what they cost where there is a budget. */
export class Till {
  readonly #budget: Budget | undefined;
  readonly #ledger: Ledger | undefined;
  #input = 0;
  #output = 0;

  /** @throws Error when the folder of the budget cannot be made */
  constructor(budget: Budget | undefined, now?: () => number) {
    this.#budget = budget;
    this.#ledger =
      budget && new Ledger({ folder: budget.folder, perDay: budget.perDay, ...(now && { now }) });
  }

  get tokens(): Usage {
    return { input: this.#input, output: this.#output };
  }

  /** null: nothing is counted, or it cannot be read. */
  spending(): Spending | null {
    try {
      return this.#ledger?.spending() ?? null;
    } catch {
      return null;
    }
  }

  /** Why a request that may cost so many tokens must not be sent; undefined: it may. */
  refusal(most: Usage): string | undefined {
    if (this.#budget === undefined || this.#ledger === undefined) return undefined;
    try {
      const { today, perDay } = this.#ledger.spending();
      if (perDay === null || today + priceOf(most, this.#budget) <= perDay) return undefined;
      return `the budget of ${perDay} a day is used up (${today.toPrecision(3)} spent) until 0:00 UTC`;
    } catch (error) {
      return `what is spent cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
  }

  /** Writes down a request that came to nothing, but may be on the bill. */
  paid(most: Usage): void {
    if (this.#budget !== undefined) this.#ledger?.add(priceOf(most, this.#budget));
  }

  /**
   * Sets aside the price of so many tokens; the function that is given back takes what they turned out to be.
   *
   * @throws Error when there is not so much left, or it cannot be written down
   */
  reserve(most: Usage): (used: Usage) => void {
    const budget = this.#budget;
    const settle = budget && this.#ledger?.reserve(priceOf(most, budget));
    if (budget !== undefined && settle === undefined) throw new Error('the budget of the day is used up');
    return (used) => {
      this.#input += used.input;
      this.#output += used.output;
      try {
        if (budget !== undefined) settle?.(priceOf(used, budget));
      } catch {
        // It stays written down at its most; the answer is there all the same.
      }
    };
  }
}
