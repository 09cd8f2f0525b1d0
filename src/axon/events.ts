import type { Protocol, VerifiedRequest } from './request.ts';

/** Why a request got no prediction. Stable words: they become metric labels. */
export type RefusalReason =
  | 'unknown-route'
  | 'method'
  | 'malformed-head'
  | 'missing-hotkey'
  | 'not-permitted'
  | 'missing-nonce'
  | 'stale'
  | 'future'
  | 'replay'
  | 'wrong-receiver'
  | 'signature-form'
  | 'bad-signature'
  | 'body-hash'
  | 'media-type'
  | 'too-large'
  | 'bad-body'
  | 'busy';

/** Milliseconds spent in each stage; absent where a request did not get that far. */
export interface Timings {
  /** Waiting for and doing the signature check. */
  readonly verifyMs?: number;
  /** Receiving the body. */
  readonly bodyMs?: number;
  /** Finding and decoding the base64 text. */
  readonly decodeMs?: number;
  /** The answer function, with its wait for admission. */
  readonly answerMs?: number;
  readonly totalMs: number;
}

/** Why something else than the answer function's own result was sent. */
export type FallbackReason = 'deadline' | 'overload' | 'crash' | 'not-a-number';

export type ConnectionReason =
  | 'limit'
  | 'address-limit'
  | 'evicted'
  | 'too-slow'
  | 'malformed'
  | 'pipelining';

export type AxonEvent =
  | {
      readonly type: 'refused';
      /** Hotkey of the axon. */
      readonly axon: string;
      readonly protocol: Protocol | null;
      readonly status: number;
      readonly reason: RefusalReason;
      readonly message: string;
      readonly address: string;
      readonly route: string;
      /** What the caller claims to be; not proved. */
      readonly claimedHotkey: string | null;
      readonly timings: Timings;
    }
  | {
      readonly type: 'answered';
      readonly axon: string;
      readonly request: VerifiedRequest;
      readonly status: 200;
      /** null for a ping. */
      readonly prediction: number | null;
      /** Set when the fallback was sent in place of the answer function's result. */
      readonly fallback: FallbackReason | null;
      readonly imageBytes: number;
      readonly timings: Timings;
    }
  | {
      readonly type: 'failed';
      readonly axon: string;
      readonly request: VerifiedRequest;
      readonly status: number;
      readonly reason: FallbackReason;
      /** The id the caller was told. */
      readonly id: string;
      readonly timings: Timings;
    }
  | {
      /** An answer function threw; comes before the `answered` or `failed` of the same request. */
      readonly type: 'crash';
      readonly axon: string;
      readonly request: VerifiedRequest | null;
      readonly id: string;
      readonly error: unknown;
    }
  | {
      /** The caller closed its connection before it was answered. */
      readonly type: 'gone';
      readonly axon: string;
      readonly request: VerifiedRequest | null;
      readonly address: string;
    }
  | {
      readonly type: 'connection';
      readonly axon: string;
      readonly reason: ConnectionReason;
      readonly address: string;
    };

export type Observer = (event: AxonEvent) => void;
