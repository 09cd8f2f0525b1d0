/** What the parent asks a load process to do, and what comes back. Sent over the child's IPC channel. */

/** One caller's requests on one connection: the head is `before + nonce + between + signature + after`. */
export interface Stream {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly nonces: readonly string[];
  readonly signatures: readonly string[];
}

export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
  /** One connection each. */
  readonly streams: readonly Stream[];
  /** Taken in turn by all connections. */
  readonly bodies: readonly Uint8Array[];
  /** false opens a connection for each request, as a validator's step does. */
  readonly keepAlive: boolean;
  /** Requests a second of all connections together; absent means each connection sends as soon as it was answered. */
  readonly ratePerSecond?: number;
  readonly durationMs: number;
  /** Answers later than this are counted as failed. */
  readonly timeoutMs: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly elapsedMs: number;
  /** Milliseconds from opening the connection (or from the first byte on a kept one) to the last byte of the answer. */
  readonly latencies: Float64Array;
  /** Count by HTTP status; `failed` counts connections refused, cut or too slow. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Streams ran out of signed requests before the time was over. */
  readonly exhausted: boolean;
}

export type JunkKind = 'unknown-route' | 'unknown-caller' | 'bad-signature' | 'replay' | 'slow' | 'oversized';

export interface JunkOrder {
  readonly kind: JunkKind;
  readonly host: string;
  readonly port: number;
  /** Addresses of this machine that the junk comes from, used in turn. */
  readonly sources: readonly string[];
  readonly connections: number;
  /** Head of the junk request; `@nonce@` becomes a fresh one each time. */
  readonly head: string;
  readonly body: Uint8Array;
}

export interface JunkResult {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
}

export type ToChild =
  | { readonly do: 'load'; readonly order: LoadOrder }
  | { readonly do: 'junk'; readonly order: JunkOrder }
  | { readonly do: 'stop' };

export type FromChild =
  | { readonly done: 'load'; readonly result: LoadResult }
  | { readonly done: 'junk'; readonly result: JunkResult };
