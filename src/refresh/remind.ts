import { createHash } from 'node:crypto';
import type { ReminderBook } from '../store/index.ts';
import { type Message, messageOf } from './message.ts';
import type { Notice } from './notice.ts';

/** A way to the owner. */
export interface Channel<Name extends string = string> {
  readonly name: Name;
  /** Sends, or throws an error whose message holds no secret. */
  send(message: Message): Promise<void>;
}

export interface Reminded<Name extends string> {
  readonly sent: readonly { readonly channel: Name; readonly reminders: number }[];
  readonly failed: readonly { readonly channel: Name; readonly problem: string }[];
}

/** What was told about a condition is told again only when it comes back later than this. */
const CONDITION_REST_MS = 86_400_000;

/**
 * Sends every notice once to every channel. What a channel does not take is tried again at the next run, and stops no
 * other channel. One process at a time, by `tryLock`; one that is killed between sending and remembering sends again.
 */
export async function remind<Name extends string>(options: {
  readonly book: ReminderBook;
  readonly notices: readonly Notice[];
  readonly channels: readonly Channel<Name>[];
  /** Keys of conditions that were looked at and do not hold. */
  readonly over?: readonly string[];
  /** Unix milliseconds. */
  readonly now: number;
}): Promise<Reminded<Name>> {
  const { book, notices, channels, over = [], now } = options;
  book.forget(over, now - CONDITION_REST_MS);
  const sent: { channel: Name; reminders: number }[] = [];
  const failed: { channel: Name; problem: string }[] = [];
  await Promise.all(
    channels.map(async (channel) => {
      const keys = book.unsent(
        notices.map(({ key }) => key),
        channel.name,
      );
      if (keys.length === 0) return;
      const unsent = notices.filter(({ key }) => keys.includes(key));
      try {
        await channel.send(messageOf(unsent, hashOf));
      } catch (error) {
        failed.push({
          channel: channel.name,
          problem: error instanceof Error ? error.message : String(error),
        });
        return;
      }
      book.sent(keys, channel.name, now);
      sent.push({ channel: channel.name, reminders: keys.length });
    }),
  );
  const byName = (a: { channel: string }, b: { channel: string }) => (a.channel < b.channel ? -1 : 1);
  return { sent: sent.sort(byName), failed: failed.sort(byName) };
}

function hashOf(text: string): string {
  return `sv72-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
