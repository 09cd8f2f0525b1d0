/** Where a registration with NATIX stands. */
export type NatixState = 'succeeded' | 'failed' | 'pending';

export interface NatixStatus {
  readonly state: NatixState;
  /** The server's own word for it. */
  readonly word: string;
  /** Hotkey that the UID is registered with there, where the server says it. */
  readonly hotkey: string | undefined;
  /** Why it failed. */
  readonly error: string | undefined;
}

const STATES: Readonly<Record<string, NatixState>> = {
  succeeded: 'succeeded',
  success: 'succeeded',
  failed: 'failed',
  error: 'failed',
};

/** Reads the answer to `GET /participants/registration-status/{uid}`; any word that is no end means wait. */
export function parseStatus(json: object): NatixStatus {
  const field = (name: string): string | undefined => {
    const value: unknown = Object.entries(json).find(([key]) => key === name)?.[1];
    const text = typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim() : '';
    return text === '' ? undefined : text.slice(0, 300);
  };
  const word = (field('status') ?? '').toLowerCase();
  return {
    state: (Object.hasOwn(STATES, word) ? STATES[word] : undefined) ?? 'pending',
    word,
    hotkey: field('hotkey'),
    error: field('error_message'),
  };
}
