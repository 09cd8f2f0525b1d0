import { durationText } from '../chain/index.ts';
import { type Announced, type Announcement, decide, placeOf, placeText, samePlace } from './announcement.ts';
import type { Wish, WishOutcome } from './messages.ts';
import type { Note, Reminders } from './reminders.ts';
import type { ChainView } from './view.ts';

/** What a hotkey should have on chain. */
export type Wanted = Pick<Wish, 'hotkey' | 'announcement'>;

/** The announcements that the chain should have, against those it has. */
export interface Wishes {
  add(wanted: Wanted): void;
  /**
   * What the chain lacks and takes now; what has to wait is said, with how long.
   * @returns that, and the ms until something else may be told
   */
  lacking(view: ChainView): { readonly due: readonly Wanted[]; readonly inMs: number };
  /** Says what became of one. */
  told(wanted: Wanted, outcome: WishOutcome): void;
}

export function createWishes(options: {
  readonly nameOf: (hotkey: string) => string;
  readonly note: Note;
  readonly reminders: Reminders;
}): Wishes {
  const { nameOf, note, reminders } = options;
  const all: Wanted[] = [];
  /** Those that the chain had when it was last looked at. */
  const met = new Set<Wanted>();

  return {
    add: (wanted) => void all.push(wanted),
    lacking(view) {
      let inMs = Number.POSITIVE_INFINITY;
      const due = all.filter((wanted) => {
        const own = view.ours.find(({ hotkey }) => hotkey === wanted.hotkey);
        const there = own?.[wanted.announcement.kind];
        // Whoever has no UID cannot announce, and its announcement went with the UID.
        if (own?.uid === undefined) {
          met.delete(wanted);
          return false;
        }
        const decision = decide(wanted.announcement, there, {
          block: view.block,
          rateLimit: view.servingRateLimit,
        });
        if (decision.kind === 'same') {
          met.add(wanted);
          return false;
        }
        const name = nameOf(wanted.hotkey);
        if (met.delete(wanted) && there && !samePlace(there, placeOf(wanted.announcement))) {
          note('warning', `Something else announced ${placeText(there)} for "${name}": does it run twice?`);
        }
        if (decision.kind === 'announce') return true;
        const waitMs = decision.blocks * view.blockMs;
        inMs = Math.min(inMs, waitMs);
        note(
          'info',
          `The chain has ${there ? placeText(there) : 'nothing'} for "${name}" and takes ${whatText(wanted.announcement)} in ${decision.blocks} blocks (${durationText(waitMs)}).`,
        );
        return false;
      });
      return { due, inMs };
    },
    told({ hotkey, announcement }, outcome) {
      const about = `announce ${announcement.kind} ${hotkey}`;
      const what = `${whatText(announcement)} for "${nameOf(hotkey)}"`;
      if (outcome.kind === 'done') {
        reminders.over(about);
        note('info', `Announced ${what} in block ${outcome.block}, ${feeText(outcome.fee)}.`);
      } else if (outcome.kind === 'failed') {
        const { message, next } = outcome.failure;
        reminders.say(about, 'error', `${what} could not be announced: ${message} ${next}`);
      }
    },
  };
}

/** A view with an announcement that was just made. */
export function withAnnounced(view: ChainView, { hotkey, announcement }: Wanted, block: number): ChainView {
  const { kind, version } = announcement;
  const fresh: Announced = { block, version, ...placeOf(announcement), protocol: 4 };
  return { ...view, ours: view.ours.map((own) => (own.hotkey === hotkey ? { ...own, [kind]: fresh } : own)) };
}

function whatText(announcement: Announcement): string {
  return `${placeText(placeOf(announcement))}${announcement.kind === 'prometheus' ? ' (Prometheus)' : ''}`;
}

function feeText(fee: bigint): string {
  return fee === 0n ? 'free' : `for ${fee} rao`;
}
