type Level = 'info' | 'warning' | 'error';

export type Note = (level: Level, message: string) => void;

/** What stays wrong is said at once and then once an hour, not at every look. */
export interface Reminders {
  say(about: string, level: Level, message: string): void;
  /** It is over: the next time is the first again. */
  over(about: string): void;
}

export const REMIND_MS = 3_600_000;

export function createReminders(note: Note, now: () => number): Reminders {
  const said = new Map<string, number>();
  return {
    say(about, level, message) {
      const last = said.get(about);
      if (last !== undefined && now() - last < REMIND_MS) return;
      said.set(about, now());
      note(level, message);
    },
    over: (about) => void said.delete(about),
  };
}
