export type Protocol = 'axon' | 'btauth';

declare const verified: unique symbol;

/** A request whose sender is known: allowed, fresh, seen for the first time, and signed. Only this folder makes them. */
export interface VerifiedRequest {
  readonly [verified]: true;
  readonly protocol: Protocol;
  /** `ImageSynapse`, `ExtendedImageSynapse`, or the path of the btauth/1 door. */
  readonly route: string;
  /** SS58 of the sender. */
  readonly hotkey: string;
  /** The dendrite's id; null with btauth/1. */
  readonly uuid: string | null;
  /** Decimal digits, nanoseconds since 1970. */
  readonly nonce: string;
  /** rao, as the caller policy gave it. */
  readonly stake: bigint;
  readonly remoteAddress: string;
  /** When the head was complete, on the monotonic clock (ms). */
  readonly receivedAt: number;
  /** Answer before this, on the monotonic clock (ms); a margin to the caller's own timeout is taken off. */
  readonly deadline: number;
  /** Aborted when the caller goes away or its deadline has passed: nobody reads the answer any more. */
  readonly signal: AbortSignal;
}

export type VerifiedFields = Omit<VerifiedRequest, typeof verified>;

/** To be called where a signature was just found valid, nowhere else. */
export function verifiedRequest(fields: VerifiedFields): VerifiedRequest {
  return fields as VerifiedRequest;
}
