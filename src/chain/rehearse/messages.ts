import type { Installation } from './installation.ts';

/** What the fork's process is told, once. */
export interface ForkRequest extends Installation {
  /** Endpoint whose chain is forked; it may carry an access key, so it never stands on a command line. */
  readonly endpoint: string;
  /** Hash of the block on which the fork stands. */
  readonly block: string;
  /** Longest wait for one answer of the endpoint, ms. */
  readonly timeoutMs: number;
}

/** What it tells. */
export type ForkNews =
  /** It listens on this port of the loopback address. */
  | { readonly kind: 'ready'; readonly port: number }
  /** Questions that the endpoint has answered so far. */
  | { readonly kind: 'fetched'; readonly answers: number }
  /** It cannot go on. */
  | { readonly kind: 'failed'; readonly reason: string };

export function isForkNews(message: unknown): message is ForkNews {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  if (message.kind === 'ready') return 'port' in message && typeof message.port === 'number';
  if (message.kind === 'fetched') return 'answers' in message && typeof message.answers === 'number';
  return message.kind === 'failed' && 'reason' in message && typeof message.reason === 'string';
}
