import type { RefusalReason } from './events.ts';

/** A request that is not answered with a prediction. */
export class Refusal {
  readonly status: number;
  readonly reason: RefusalReason;
  readonly message: string;

  constructor(status: number, reason: RefusalReason, message: string) {
    this.status = status;
    this.reason = reason;
    this.message = message;
  }
}

/** Headers that decide who is asking: none of them may come twice, since readers disagree on which one counts. */
const SINGLE =
  /^(bt_header_|x-bittensor-|computed_body_hash$|timeout$|name$|content-type$|content-encoding$)/;

/** Header values by lower-case name. */
export type Headers = ReadonlyMap<string, string>;

/**
 * @param raw names and values in turn, as node:http's `rawHeaders` has them (values are latin1)
 */
export function readHeaders(raw: readonly string[]): Headers | Refusal {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (!headers.has(name)) headers.set(name, raw[i + 1] as string);
    else if (SINGLE.test(name)) {
      return new Refusal(400, 'malformed-head', `Header ${name.slice(0, 80)} was sent twice.`);
    }
  }
  return headers;
}

/** What a request's head says about its sender, before any of it is proved. */
export interface Head {
  readonly hotkey: string;
  readonly uuid: string | null;
  readonly nonce: bigint;
  readonly scheme: 'sr25519' | 'ed25519';
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Tells this request from all others of the same caller. */
  readonly id: string;
  /** The caller's own timeout, capped (ms). */
  readonly timeoutMs: number;
  readonly freshness: Freshness;
}

export interface Freshness {
  /** How old a nonce may be (ns); exactly this old is `inclusive` or too old. */
  readonly maxAgeNs: bigint;
  readonly inclusive: boolean;
  /** How far ahead of our clock a nonce may be (ns). */
  readonly futureNs: bigint;
}

export type FreshnessVerdict = 'fresh' | 'stale' | 'future';

export function judgeFreshness(nonce: bigint, nowNs: bigint, rule: Freshness): FreshnessVerdict {
  const age = nowNs - nonce;
  if (rule.inclusive ? age > rule.maxAgeNs : age >= rule.maxAgeNs) return 'stale';
  return -age > rule.futureNs ? 'future' : 'fresh';
}

/** 64 bytes from 128 hexadecimal digits after `0x`; undefined for anything else. */
export function parseSignature(text: string): Uint8Array | undefined {
  return /^0x[0-9a-fA-F]{128}$/.test(text) ? Buffer.from(text.slice(2), 'hex') : undefined;
}
