/** Time as the axon needs it; tests put their own in. */
export interface Clock {
  /** Unix time in nanoseconds, as nonces have it. */
  readonly wallNs: () => bigint;
  /** A clock that never jumps, in milliseconds (`performance.now`): deadlines and durations. */
  readonly monotonicMs: () => number;
}

export const systemClock: Clock = {
  wallNs: () => BigInt(Date.now()) * 1_000_000n,
  monotonicMs: () => performance.now(),
};
