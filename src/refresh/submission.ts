/** Where a date of submission was found. */
export type DateSource = 'since' | 'card' | 'record';

/** A date of submission, Unix seconds, with what it is the date of. */
export interface Dated {
  /** SS58 address. */
  readonly hotkey: string;
  /** `owner/name`; null where nobody said. */
  readonly repo: string | null;
  readonly model: string | null;
  readonly version: string | null;
  readonly at: number;
}

/** The model that counts for a hotkey, and since when. */
export interface Submission extends Dated {
  readonly source: DateSource;
  /** All dates that were found for it, Unix seconds. */
  readonly dates: Readonly<Partial<Record<DateSource, number>>>;
  /** A sentence, where they are not the same. */
  readonly disagreement: string | null;
}

export interface Dates {
  /** Cards of public repositories, now or as last seen. */
  readonly cards: readonly Dated[];
  /** What was published from here. */
  readonly records: readonly Dated[];
  /** Date that was given by hand, Unix seconds, for each of these hotkeys. */
  readonly since?: { readonly at: number; readonly hotkeys: readonly string[] } | undefined;
}

/** A card that is written a little before or after the record is the same submission, seconds. */
const SAME_S = 120;

/**
 * One submission for each hotkey: the one with the latest date, since a new one replaces the one before. For a
 * repository its public card goes before our record of it, as the card is what others see; a date given by hand goes
 * before both.
 */
export function submissions({ cards, records, since }: Dates): Submission[] {
  const found = new Map<string, { card?: Dated; record?: Dated }>();
  const at = (dated: Dated) => `${dated.hotkey} ${dated.repo ?? ''}`;
  const newest = (have: Dated | undefined, next: Dated) =>
    have === undefined || next.at > have.at ? next : have;
  for (const record of records) {
    const entry = found.get(at(record));
    found.set(at(record), { ...entry, record: newest(entry?.record, record) });
  }
  for (const card of cards) {
    const entry = found.get(at(card));
    found.set(at(card), { ...entry, card: newest(entry?.card, card) });
  }
  const current = new Map<string, Submission>();
  for (const { card, record } of found.values()) {
    const base = card ?? record;
    if (base === undefined) continue;
    const have = current.get(base.hotkey);
    if (have !== undefined && have.at >= base.at) continue;
    current.set(base.hotkey, {
      ...base,
      source: card ? 'card' : 'record',
      dates: { ...(card && { card: card.at }), ...(record && { record: record.at }) },
      disagreement: null,
    });
  }
  for (const hotkey of since?.hotkeys ?? []) {
    const have = current.get(hotkey);
    const given = since?.at ?? 0;
    current.set(hotkey, {
      hotkey,
      repo: have?.repo ?? null,
      model: have?.model ?? null,
      version: have?.version ?? null,
      at: given,
      source: 'since',
      dates: { since: given, ...have?.dates },
      disagreement: null,
    });
  }
  return [...current.values()]
    .map((submission) => ({ ...submission, disagreement: disagreementOf(submission) }))
    .sort((a, b) => a.at - b.at || (a.hotkey < b.hotkey ? -1 : 1));
}

const NAMES: Readonly<Record<DateSource, string>> = {
  since: '--since',
  card: 'the public card',
  record: 'our own record',
};

function disagreementOf({ dates, source, repo, hotkey }: Submission): string | null {
  const all = (['since', 'card', 'record'] as const).flatMap((from) => {
    const at = dates[from];
    return at === undefined ? [] : [{ from, at }];
  });
  const times = all.map(({ at }) => at);
  if (all.length < 2 || Math.max(...times) - Math.min(...times) <= SAME_S) return null;
  const said = all.map(
    ({ from, at }) => `${NAMES[from]} says ${new Date(at * 1000).toISOString().slice(0, 16)}Z`,
  );
  return `The dates of ${repo ?? hotkey} disagree: ${said.join(', ')}; ${NAMES[source]} counts.`;
}
