/** Who has to act: the person at the keyboard, sv72's developers, or something outside (network, process, disk). */
export type Who = 'user' | 'bug' | 'outside';

/** One row of the error table. */
export interface ErrorEntry {
  readonly who: Who;
  /** Process exit code: 1 failed or refused, 2 usage, 3 something outside failed, 70 bug, 130 interrupted. */
  readonly exit: 1 | 2 | 3 | 70 | 130;
  /** What this means, for `sv72 explain`. */
  readonly meaning: string;
  /** What to do next, in one sentence. */
  readonly next: string;
}
