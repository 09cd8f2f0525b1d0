import type { CandidateFigures, ProbeFigures } from './rules.ts';

/** Latencies that the percentile is taken from: the latest. */
const KEPT = 512;

/** Counts what a candidate does. */
export class Tally {
  #answers = 0;
  #errors = 0;
  #compared = 0;
  #disagreed = 0;
  #probes: ProbeFigures | null = null;
  readonly #latencies: number[] = [];

  /** @param ms how long it took; of a failure too */
  answered(ok: boolean, ms: number): void {
    this.#latencies[this.#answers % KEPT] = ms;
    this.#answers += 1;
    if (!ok) this.#errors += 1;
  }

  compared(candidate: number, live: number): void {
    this.#compared += 1;
    if (isPositive(candidate) !== isPositive(live)) this.#disagreed += 1;
  }

  probed(probes: ProbeFigures): void {
    this.#probes = probes;
  }

  figures(): CandidateFigures {
    return {
      answers: this.#answers,
      errors: this.#errors,
      p95Ms: percentile95(this.#latencies),
      compared: this.#compared,
      disagreed: this.#disagreed,
      probes: this.#probes,
    };
  }
}

/** As validators round: exactly 0.5 counts as no roadwork. */
export function isPositive(probability: number): boolean {
  return probability > 0.5;
}

function percentile95(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? null;
}
