import type { Admission } from './admission.ts';
import type { Clock } from './clock.ts';
import type { FallbackReason, Observer } from './events.ts';
import type { VerifiedRequest } from './request.ts';
import type { Verifier } from './verifier.ts';

/**
 * Whether a hotkey may ask at all, and its stake in rao. Called before any signature check: keep it a lookup.
 * `listed`: the hotkey is one of a limited number that are known by name, worth preparing for; not set where anybody may
 * ask.
 */
export type CallerPolicy = (hotkey: string) => CallerVerdict;
export type CallerVerdict =
  | { readonly allow: true; readonly stake: bigint; readonly listed?: boolean }
  | { readonly allow: false; readonly reason: string };

export interface Answer {
  /** Probability of roadwork; clamped to [0, 1] before it is sent. */
  readonly prediction: number;
}

/** What is asked when a request is verified and its image decoded. Bytes are what the caller sent: maybe no JPEG at all. */
export type AnswerFunction = (request: VerifiedRequest, image: Uint8Array) => Promise<Answer>;

/** The prediction to send when there is no answer in time; undefined means an error is sent instead. */
export type Fallback = (request: VerifiedRequest, reason: FallbackReason) => number | undefined;

export interface AxonLimits {
  /** Bytes of one body; 24 MiB holds a 12-megapixel JPEG in base64. */
  readonly bodyBytes: number;
  /** Bytes of all bodies being received from verified callers. */
  readonly bodyBytesInFlight: number;
  /** Bytes of all bodies being received before their signature could be checked (btauth/1 signs the body). */
  readonly unverifiedBodyBytes: number;
  /** Bytes of request line and headers. */
  readonly headerBytes: number;
  /** Time for a complete head, from connecting or from the first byte. */
  readonly headerMs: number;
  /** Time for a complete request, head and body. */
  readonly requestMs: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Per address; an IPv6 /64 counts as one address. */
  readonly connectionsPerAddress: number;
  /** A caller's own timeout counts up to this. */
  readonly timeoutMs: number;
  /** Taken when a caller names no timeout. */
  readonly defaultTimeoutMs: number;
  /** Answers leave this long before the caller's timeout. */
  readonly marginMs: number;
  /** How far ahead of our clock a nonce may be. */
  readonly futureMs: number;
  /** Nonces remembered per caller. */
  readonly noncesPerCaller: number;
}

export const DEFAULT_LIMITS: AxonLimits = {
  bodyBytes: 24 * 1024 * 1024,
  bodyBytesInFlight: 256 * 1024 * 1024,
  unverifiedBodyBytes: 64 * 1024 * 1024,
  headerBytes: 16 * 1024,
  headerMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 25_000,
  connections: 1_024,
  connectionsPerAddress: 128,
  timeoutMs: 60_000,
  defaultTimeoutMs: 9_000,
  marginMs: 750,
  futureMs: 3_600_000,
  noncesPerCaller: 20_000,
};

export interface BtauthOptions {
  /** Path of the door. */
  readonly path: string;
  /** Refuse requests that are not bound to this axon's hotkey. */
  readonly requireReceiver: boolean;
  /** How old a nonce may be. */
  readonly maxAgeMs: number;
  /** How far ahead a nonce may be. */
  readonly skewMs: number;
  readonly allowEd25519: boolean;
}

export const DEFAULT_BTAUTH: BtauthOptions = {
  path: '/predict',
  requireReceiver: true,
  maxAgeMs: 10_000,
  skewMs: 2_000,
  allowEd25519: false,
};

export interface AxonRoutes {
  /** Synapse classes that carry an image. */
  readonly images: readonly string[];
  /** Who may ping `/Synapse`: the callers that the policy allows, anyone with a key, or nobody. */
  readonly ping: 'permitted' | 'anyone' | 'off';
  /** false closes the btauth/1 door. */
  readonly btauth: Partial<BtauthOptions> | false;
  /** What `ExtendedImageSynapse` answers carry as `model_url`. */
  readonly modelUrl: string;
}

export const DEFAULT_ROUTES: AxonRoutes = {
  images: ['ImageSynapse', 'ExtendedImageSynapse'],
  ping: 'permitted',
  btauth: {},
  modelUrl: '',
};

export interface AxonOptions {
  /** SS58 of the hotkey that callers sign for. No private key is needed to answer. */
  readonly hotkey: string;
  readonly callerPolicy: CallerPolicy;
  readonly answer: AnswerFunction;
  readonly fallback?: Fallback;
  readonly routes?: Partial<AxonRoutes>;
  readonly limits?: Partial<AxonLimits>;
  /** Shared by the axons of a process; a private one is made when absent. */
  readonly verifier?: Verifier;
  /** Shared by the axons of a process; without it every verified request is answered at once. */
  readonly admission?: Admission;
  readonly observer?: Observer;
  readonly clock?: Clock;
}

export interface ListenOptions {
  /** Default `::`, which takes IPv4 too; 0.0.0.0 where the machine has no IPv6. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface AxonAddress {
  readonly host: string;
  readonly port: number;
}

export interface Axon {
  readonly hotkey: string;
  /** Undefined while not listening. */
  readonly address: AxonAddress | undefined;
  /** @throws ERR_PORT_IN_USE, ERR_PORT_DENIED, ERR_LISTEN */
  listen(options: ListenOptions): Promise<AxonAddress>;
  /** Stops accepting, answers what is in flight, closes what is left after the deadline. A second call closes at once. */
  drain(deadlineMs: number): Promise<void>;
  /** Closes at once. */
  close(): Promise<void>;
  readonly connections: number;
}
