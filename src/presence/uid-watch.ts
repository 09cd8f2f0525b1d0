import type { Note, Reminders } from './reminders.ts';

/** Follows the UIDs of our hotkeys, and is loud when one is lost. */
export interface UidWatch {
  /** @param uid null: it has none */
  seen(hotkey: string, uid: number | null): void;
  /** Known from an earlier run only. */
  remembered(hotkey: string, uid: number): void;
  uidOf(hotkey: string): number | null | undefined;
}

export function createUidWatch(options: {
  readonly netuid: number;
  readonly nameOf: (hotkey: string) => string;
  readonly note: Note;
  readonly reminders: Reminders;
}): UidWatch {
  const { netuid, nameOf, note, reminders } = options;
  const uids = new Map<string, number | null>();
  return {
    seen(hotkey, uid) {
      const before = uids.get(hotkey);
      uids.set(hotkey, uid);
      const about = `uid ${hotkey}`;
      const who = `"${nameOf(hotkey)}" (${hotkey})`;
      if (uid !== null) {
        reminders.over(about);
        if (before === undefined || before === uid) return;
        const instead = before === null ? '' : ` instead of ${before}`;
        note('info', `${who} has UID ${uid} on subnet ${netuid}${instead}.`);
        return;
      }
      const lost = typeof before === 'number';
      if (lost) reminders.over(about);
      const what = lost ? `HAS LOST UID ${before}` : 'has no UID';
      reminders.say(
        about,
        lost ? 'error' : 'warning',
        `${who} ${what} on subnet ${netuid}, so no validator asks it. \`sv72 register --hotkey ${nameOf(hotkey)}\` shows what a registration costs.`,
      );
    },
    remembered: (hotkey, uid) => void uids.set(hotkey, uid),
    uidOf: (hotkey) => uids.get(hotkey),
  };
}
