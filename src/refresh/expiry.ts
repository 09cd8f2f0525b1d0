import type { Notice } from './notice.ts';

/** Something that ends at a time: a certificate, a token. */
export interface Expiry {
  readonly kind: 'certificate' | 'token' | 'date';
  readonly what: string;
  /** Unix seconds. */
  readonly at: number;
}

/** Days before the end at which it is told. */
const BEFORE = [14, 3, 0] as const;
const DAY_S = 86_400;

/** A notice for each of the days that was reached. @param now Unix seconds */
export function expiryNotices({ kind, what, at }: Expiry, now: number): Notice[] {
  return BEFORE.filter((days) => now >= at - days * DAY_S).map((days) => {
    const left = Math.ceil((at - now) / DAY_S);
    const when = new Date(at * 1000).toISOString().slice(0, 10);
    return {
      key: `${kind} ${what} ${at} ${days}`,
      about: `${kind} ${what}`,
      kind,
      level: days === 0 ? 'overdue' : 'due',
      title: left > 0 ? `${what} runs out in ${left} ${left === 1 ? 'day' : 'days'}` : `${what} has run out`,
      text: `It ends on ${when}. Renew it${kind === 'date' ? ', then change its date in refresh.dates' : ''}.`,
      at: at - days * DAY_S,
      condition: false,
    };
  });
}

/** Reads a setting of `refresh.dates`; undefined when the date is none. It counts from the day's beginning in UTC. */
export function datedExpiry(text: string): Expiry | undefined {
  const [, date, what] = /^(\d{4}-\d\d-\d\d) (\S.*)$/.exec(text) ?? [];
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (date === undefined || what === undefined || Number.isNaN(ms)) return undefined;
  if (new Date(ms).toISOString().slice(0, 10) !== date) return undefined;
  return { kind: 'date', what, at: ms / 1000 };
}
