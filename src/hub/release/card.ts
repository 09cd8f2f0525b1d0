import { isSs58 } from '../../wallet/index.ts';

export const CARD_NAME = 'model_card.json';

/** The card that the subnet's documents ask for at the root of the repository. */
export interface ModelCard {
  readonly model_name: string;
  readonly description: string;
  /** X.Y.Z. */
  readonly version: string;
  /** SS58 address of the hotkey, not its name. */
  readonly submitted_by: string;
  /** Unix seconds, not milliseconds. */
  readonly submission_time: number;
}

/** Seconds beyond this are milliseconds: it is the year 5138. */
const SECONDS_END = 100_000_000_000;

/** A clock that is ahead by this much, in seconds, is taken as it is. */
const SKEW_S = 3600;

/** The card as it is written. */
export function cardText(card: ModelCard): string {
  return `${JSON.stringify(card, null, 2)}\n`;
}

/**
 * Reads a card as somebody outside does.
 *
 * @param now Unix seconds: a submission cannot be of tomorrow
 * @returns the card where it can be read at all, and everything that is wrong with it, a clause each
 */
export function readCard(text: string, now: number): { card: Partial<ModelCard>; problems: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { card: {}, problems: ['it is no JSON'] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { card: {}, problems: ['it is no object'] };
  const fields = value as Readonly<Record<string, unknown>>;
  const card: { -readonly [K in keyof ModelCard]?: ModelCard[K] } = {};
  const problems: string[] = [];
  for (const field of ['model_name', 'description'] as const) {
    const found = fields[field];
    if (typeof found === 'string' && found !== '') card[field] = found;
    else problems.push(`${field} is missing`);
  }
  const { version, submitted_by: by, submission_time: time } = fields;
  if (typeof version === 'string' && parseVersion(version)) card.version = version;
  else problems.push('version is not X.Y.Z');
  if (typeof by === 'string' && isSs58(by)) card.submitted_by = by;
  else problems.push('submitted_by is no SS58 address (a hotkey’s name does not do)');
  if (typeof time !== 'number' || !Number.isInteger(time) || time <= 0)
    problems.push('submission_time is no whole number of seconds');
  else if (time > SECONDS_END) problems.push('submission_time is in milliseconds, not seconds');
  else if (time > now + SKEW_S) problems.push('submission_time lies in the future');
  else card.submission_time = time;
  return { card, problems };
}

export type Version = readonly [number, number, number];

/** X.Y.Z, without anything behind it. */
export function parseVersion(text: string): Version | undefined {
  const parts = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

/** Negative when the first is the lower one. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
