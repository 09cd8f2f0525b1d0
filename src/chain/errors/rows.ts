import type { FailureCode } from '../types.ts';

/** One of the chain's own words for a refusal, explained. */
export interface Row {
  readonly code: FailureCode;
  /** What it means for a miner, one sentence. */
  readonly meaning: string;
  /** What to do, one sentence. */
  readonly next: string;
}

export const row = (code: FailureCode, meaning: string, next: string): Row => ({ code, meaning, next });
