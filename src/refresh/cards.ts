import { Sv72Error } from '../errors/index.ts';
import { type HubClient, hubSource, readCard, repoIn } from '../hub/index.ts';
import type { ReminderBook, SeenCard } from '../store/index.ts';
import type { Dated } from './submission.ts';

/** What public repositories say, and what could not be learnt, a sentence each. */
export interface Cards {
  readonly cards: readonly Dated[];
  readonly problems: readonly string[];
  /** Repositories of which nothing is known, not even from before. */
  readonly unknown: readonly string[];
}

const CARD = 'model_card.json';
/** A card has five short fields, bytes. */
const MOST_BYTES = 65_536;

export interface CardOptions {
  /** As anybody: without a token. undefined: only what was seen before. */
  readonly client: HubClient | undefined;
  /** Base URL that cards are remembered under. */
  readonly hub: string;
  readonly book: ReminderBook | undefined;
  /** Unix milliseconds. */
  readonly now: number;
  /** Whether what is read is remembered. */
  readonly remember: boolean;
}

/**
 * The cards of these repositories as they are now. Where the Hub does not answer, a card counts as it was last seen, so
 * that an outage changes no date.
 *
 * @param repos `owner/name`
 */
export async function readCards(repos: readonly string[], options: CardOptions): Promise<Cards> {
  const problems: string[] = [];
  const unknown: string[] = [];
  const read = async (repo: string): Promise<Dated[]> => {
    const now = options.client && (await cardNow(options.client, repo, options.now));
    if (now !== undefined && 'card' in now) {
      if (options.remember) options.book?.seeCard(options.hub, now.card);
      return [datedOf(now.card)];
    }
    const seen = options.book?.card(options.hub, repo);
    if (now !== undefined) {
      const counts = seen === undefined ? '' : `; it counts as it was seen on ${day(seen.seenAt)}`;
      problems.push(`The card of ${repo} says nothing now (${now.problem})${counts}.`);
    }
    if (seen !== undefined) return [datedOf(seen)];
    unknown.push(repo);
    return [];
  };
  const cards = await Promise.all([...new Set(repos)].map(read));
  return { cards: cards.flat(), problems: problems.sort(), unknown };
}

async function cardNow(
  client: HubClient,
  repo: string,
  now: number,
): Promise<{ card: SeenCard } | { problem: string }> {
  const parsed = repoIn(repo);
  if (parsed === undefined) return { problem: 'that is no repository' };
  let text: string;
  try {
    text = await textOf(hubSource(client, parsed, 'main').read(CARD));
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code === 'ERR_INTERRUPTED') throw error;
    return {
      problem:
        error.code === 'ERR_HUB_NOT_FOUND' ? 'nobody can see it without a token' : 'the Hub does not answer',
    };
  }
  const { card, problems } = readCard(text, Math.floor(now / 1000));
  const { submission_time: submittedAt, submitted_by: hotkey } = card;
  if (submittedAt === undefined || hotkey === undefined) return { problem: problems.join('; ') };
  return {
    card: {
      repo: parsed.id,
      model: card.model_name ?? parsed.name,
      version: card.version ?? '?',
      hotkey,
      submittedAt,
      seenAt: now,
    },
  };
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    bytes += piece.length;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

function datedOf({ hotkey, repo, model, version, submittedAt }: SeenCard): Dated {
  return { hotkey, repo, model, version, at: submittedAt };
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
