/** When a stage's answer, joined with those before it, is the last word: at or beyond one of the bounds. */
export interface Bounds {
  /** "None" for sure, 0 to 0.5. 0 never stops. */
  readonly stopBelow: number;
  /** "Roadwork" for sure, 0.5 to 1. 1 never stops. */
  readonly stopAbove: number;
}

/** Asks the next stage whatever this one says. */
export const NEVER: Bounds = { stopBelow: 0, stopAbove: 1 };

export function stops(p: number, { stopBelow, stopAbove }: Bounds): boolean {
  return (stopBelow > 0 && p <= stopBelow) || (stopAbove < 1 && p >= stopAbove);
}
