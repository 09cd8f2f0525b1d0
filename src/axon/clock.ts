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

/**
 * Now, as a moment that later wall time can be compared with: when the wall clock is set meanwhile, the moment moves along. A machine
 * whose clock was ahead at boot would otherwise take every honest nonce for one from before its start until real time caught up.
 * @returns Unix time in nanoseconds of that moment, by the clock as it stands when asked
 */
export function startOn({ wallNs, monotonicMs }: Clock): () => bigint {
  const startedMs = monotonicMs();
  const startedNs = wallNs();
  let latest = startedNs;
  return () => {
    const moment = wallNs() - BigInt(Math.round((monotonicMs() - startedMs) * 1e6));
    // The two clocks tick at slightly different rates, and that is no reason to move.
    const apart = moment > latest ? moment - latest : latest - moment;
    if (apart > STEP_NS) latest = moment;
    return latest;
  };
}

/** What a clock that is set moves by at least: a second. */
const STEP_NS = 1_000_000_000n;
