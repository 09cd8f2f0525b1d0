import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';

/** A card as it was last read from a public repository. */
export interface SeenCard {
  /** `owner/name`. */
  readonly repo: string;
  readonly model: string;
  readonly version: string;
  /** SS58 address in the card. */
  readonly hotkey: string;
  /** `submission_time` of the card, Unix seconds. */
  readonly submittedAt: number;
  /** When it was read, Unix milliseconds. */
  readonly seenAt: number;
}

/** What was reminded of, by the reminder's key and where it was sent to. */
export interface ReminderBook {
  /** Those of the keys that were never sent there. */
  unsent(keys: readonly string[], channel: string): string[];
  /** Remembers that these were sent. All or none. @param at Unix milliseconds */
  sent(keys: readonly string[], channel: string, at: number): void;
  /**
   * Forgets what was sent about a condition that is over, so that it is told again when it comes back.
   *
   * @param keys conditions that are looked at and do not hold now
   * @param before only what was sent before this, Unix milliseconds
   */
  forget(keys: readonly string[], before: number): void;
  seeCard(hub: string, card: SeenCard): void;
  card(hub: string, repo: string): SeenCard | undefined;
  /** Unix milliseconds of the last run, undefined before the first. */
  lastRun(): { at: number; state: string } | undefined;
  ran(at: number, state: string): void;
  close(): void;
}

/**
 * Opens the store for reminders, making it if need be.
 *
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function openReminders(path: string): ReminderBook {
  const db = openDatabase(path);
  const all = (work: () => void) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      work();
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    unsent(keys, channel) {
      const find = db.prepare('SELECT 1 AS yes FROM reminders WHERE key = ? AND channel = ?');
      return keys.filter((key) => find.get(key, channel) === undefined);
    },
    sent(keys, channel, at) {
      const add = db.prepare('INSERT OR IGNORE INTO reminders (key, channel, at) VALUES (?, ?, ?)');
      all(() => {
        for (const key of keys) add.run(key, channel, Math.round(at));
      });
    },
    forget(keys, before) {
      const remove = db.prepare('DELETE FROM reminders WHERE key = ? AND at < ?');
      all(() => {
        for (const key of keys) remove.run(key, Math.round(before));
      });
    },
    seeCard(hub, { repo, model, version, hotkey, submittedAt, seenAt }) {
      db.prepare(`
        INSERT INTO cards (hub, repo, model, version, hotkey, submitted_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET model = excluded.model, version = excluded.version, hotkey = excluded.hotkey,
          submitted_at = excluded.submitted_at, seen_at = excluded.seen_at`).run(
        hub,
        repo,
        model,
        version,
        hotkey,
        submittedAt,
        Math.round(seenAt),
      );
    },
    card(hub, repo) {
      const row = db.prepare('SELECT * FROM cards WHERE hub = ? AND repo = ?').get(hub, repo);
      if (row === undefined) return undefined;
      return {
        repo,
        model: String(row.model),
        version: String(row.version),
        hotkey: String(row.hotkey),
        submittedAt: Number(row.submitted_at),
        seenAt: Number(row.seen_at),
      };
    },
    lastRun() {
      const row = db.prepare('SELECT at, state FROM refresh_runs ORDER BY at DESC LIMIT 1').get();
      return row === undefined ? undefined : { at: Number(row.at), state: String(row.state) };
    },
    ran(at, state) {
      all(() => {
        db.exec('DELETE FROM refresh_runs');
        db.prepare('INSERT INTO refresh_runs (at, state) VALUES (?, ?)').run(Math.round(at), state);
      });
    },
    close: () => db.close(),
  };
}

/** As `openReminders` where there is a store already; a look around does not make one. */
export function openRemindersIfThere(path: string): ReminderBook | undefined {
  return existsSync(path) ? openReminders(path) : undefined;
}

/**
 * Takes a lock that the kernel takes away with the process, however that ends.
 *
 * @param path file of the lock, which is made and stays
 * @returns what gives it back; undefined when another process has it
 */
export function tryLock(path: string): (() => void) | undefined {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (code === SQLITE_BUSY || code === SQLITE_LOCKED) return undefined;
    throw error;
  }
  return () => db.close();
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
