import type { Verdict } from '../chain/index.ts';
import type { Note } from './reminders.ts';
import type { ChainView } from './view.ts';

/** It changes with epochs, and costs more to read than the rest. */
const EVERY_MS = 900_000;

/** Follows whether the subnet pays its miners, and says when that changes. */
export interface PayWatch {
  /** Whether it is time to look again. */
  isDue(): boolean;
  seen(paying: NonNullable<ChainView['paying']>): void;
  verdict(): Verdict | undefined;
}

export function createPayWatch(options: {
  readonly netuid: number;
  readonly note: Note;
  readonly now: () => number;
}): PayWatch {
  const { netuid, note, now } = options;
  let last: Verdict | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    isDue: () => now() - lookedAt >= EVERY_MS,
    seen({ verdict, why }) {
      lookedAt = now();
      const reason = why === undefined ? '' : ` ${why}`;
      if (verdict === 'nobody' && last !== 'nobody') {
        note('warning', `Subnet ${netuid} pays no miner now.${reason} \`sv72 paying\` says more.`);
      } else if (verdict === 'pays' && last === 'nobody') {
        note('info', `Subnet ${netuid} pays its miners again.${reason}`);
      }
      // Not to know it once is no change.
      if (verdict !== 'unknown' || last === undefined) last = verdict;
    },
    verdict: () => last,
  };
}
