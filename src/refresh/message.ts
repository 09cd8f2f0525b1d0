import type { Notice } from './notice.ts';

/** What a channel is given: plain text, of whatever length. */
export interface Message {
  /** The same for the same reminders, so that a receiver can tell a repetition. Letters, digits, hyphens. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly level: 'due' | 'overdue';
  /** Those that are told. */
  readonly notices: readonly Notice[];
  /** Keys of all that it stands for, also of those that a later one makes needless. */
  readonly keys: readonly string[];
}

/**
 * One message about all of them: of several notices about one thing only the last is told in full.
 *
 * @param notices at least one
 * @param hash of a text, for the id
 */
export function messageOf(notices: readonly Notice[], hash: (text: string) => string): Message {
  const last = new Map<string, Notice>();
  const counts = new Map<string, number>();
  for (const notice of notices) {
    last.set(notice.about, notice);
    counts.set(notice.about, (counts.get(notice.about) ?? 0) + 1);
  }
  const told = [...last.values()].sort((a, b) => rank(a) - rank(b));
  const [first] = told;
  const more = told.length > 1 ? ` (and ${told.length - 1} more)` : '';
  const paragraphs = told.map((notice) => {
    const before = (counts.get(notice.about) ?? 1) - 1;
    const passed =
      before > 0 ? ` (${before} earlier ${before === 1 ? 'reminder' : 'reminders'} passed unsent)` : '';
    return `${notice.level === 'overdue' ? 'OVERDUE' : 'Due'}: ${notice.title}${passed}\n${notice.text}`;
  });
  return {
    id: hash(notices.map(({ key }) => key).join('\n')),
    title: `sv72: ${first?.title ?? ''}${more}`,
    text: paragraphs.join('\n\n'),
    level: told.some(({ level }) => level === 'overdue') ? 'overdue' : 'due',
    notices: told,
    keys: notices.map(({ key }) => key),
  };
}

function rank({ level }: Notice): number {
  return level === 'overdue' ? 0 : 1;
}

/** A text of at most so many characters (UTF-16 units), never cut inside one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end}…`;
}
