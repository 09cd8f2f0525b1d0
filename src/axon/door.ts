import type { FreshnessVerdict, Head, Headers, Refusal } from './head.ts';
import type { Reply } from './reply.ts';
import type { Protocol } from './request.ts';

/** The unproved request as a door sees it. */
export interface Incoming {
  readonly method: string;
  /** Request target as on the wire. */
  readonly target: string;
  readonly headers: Headers;
  readonly route: string;
  /** Of the peer. */
  readonly address: string;
  readonly port: number;
}

/** Facts of an answer that a door may tell its caller. */
export interface Outcome {
  /** null for a ping. */
  readonly prediction: number | null;
  /** Time the answer took, in seconds. */
  readonly processSeconds: number;
}

/** One protocol: how its requests are read and its answers written. Deciding is the same for all, in exchange.ts. */
export interface Door {
  readonly protocol: Protocol;
  readonly methods: readonly string[];
  /** True when the signature covers the body, which then has to be received before it can be checked. */
  readonly signsBody: boolean;
  readonly allowWrapped: boolean;
  /** The hotkey the caller claims. */
  caller(incoming: Incoming): string | Refusal;
  head(incoming: Incoming, hotkey: string): Head | Refusal;
  stale(verdict: Exclude<FreshnessVerdict, 'fresh'>, head: Head, nowNs: bigint): Refusal;
  replayed(): Refusal;
  badSignature(): Refusal;
  /** The claimed hotkey is no address. */
  badHotkey(hotkey: string): Refusal;
  forbidden(reason: string): Refusal;
  /** The bytes under the signature; the body is absent when it is not signed. */
  message(incoming: Incoming, head: Head, body: Uint8Array | undefined): Uint8Array;
  /** After the signature was found valid: is the body going to be one that we can use? */
  bodyProblem(incoming: Incoming): Refusal | undefined;
  image(incoming: Incoming, body: Buffer): Uint8Array | Refusal;
  refusal(incoming: Incoming, refusal: Refusal, seconds: number): Reply;
  success(incoming: Incoming, head: Head, outcome: Outcome): Reply;
}
