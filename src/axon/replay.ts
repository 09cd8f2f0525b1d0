import { Lru } from './lru.ts';
import { digester, SeenIds } from './seen-ids.ts';

/** Far more callers than a subnet has; only where anybody may ask can there be more. */
const MAX_CALLERS = 4_096;

interface Seen {
  readonly ids: SeenIds;
  /** Nonces up to this are taken as seen: their ids had to be forgotten. */
  floor: bigint;
}

/**
 * Remembers which requests were accepted, per caller and bounded. Requests may arrive in any order (a dendrite with
 * several requests on the way is honest), so it is a set and no counter. What is too old to pass the freshness check
 * anyway is forgotten; should a caller fill its share earlier, its oldest nonces are, and everything as old is refused.
 */
export class ReplayGuard {
  readonly #callers = new Lru<string, Seen>(MAX_CALLERS);
  readonly #digestOf = digester();
  readonly #perCaller: number;
  readonly #startNs: () => bigint;

  /** @param startNs nonces made before this are refused: another process may have accepted them */
  constructor(perCaller: number, startNs: () => bigint) {
    this.#perCaller = perCaller;
    this.#startNs = startNs;
  }

  isReplay(caller: string, id: string, nonce: bigint): boolean {
    if (nonce < this.#startNs()) return true;
    const seen = this.#callers.get(caller);
    return seen !== undefined && (nonce <= seen.floor || seen.ids.has(this.#digestOf(id)));
  }

  /**
   * To be called once the signature is valid.
   * @param staleBefore nonces below this can no longer pass the freshness check
   * @returns false when another request with the same id was faster
   */
  accept(caller: string, id: string, nonce: bigint, staleBefore: bigint): boolean {
    if (this.isReplay(caller, id, nonce)) return false;
    let seen = this.#callers.get(caller);
    if (seen === undefined) {
      seen = { ids: new SeenIds(), floor: 0n };
      this.#callers.set(caller, seen);
    }
    seen.ids.add(this.#digestOf(id), nonce);
    dropStale(seen.ids, staleBefore);
    if (seen.ids.size > this.#perCaller) forget(seen, staleBefore, this.#perCaller);
    return true;
  }

  /** Accepted requests that are remembered of one caller. */
  remembered(caller: string): number {
    return this.#callers.get(caller)?.ids.size ?? 0;
  }
}

/** Two leave for each that comes: they arrived about in the order of their nonces, so what is stale stands in front. */
function dropStale(ids: SeenIds, staleBefore: bigint): void {
  for (let dropped = 0; dropped < 2 && (ids.first ?? staleBefore) < staleBefore; dropped += 1) {
    ids.removeFirst();
  }
}

/** Drops the stale ones; if that frees less than half, the oldest half. Rare, so its cost does not matter. */
function forget(seen: Seen, staleBefore: bigint, capacity: number): void {
  seen.ids.keep((nonce) => nonce >= staleBefore);
  if (seen.ids.size <= capacity / 2) return;
  const half = Math.ceil(capacity / 2);
  const floor = seen.ids.nonces().sort((a, b) => (a < b ? -1 : 1))[half - 1] ?? 0n;
  seen.ids.keep((nonce) => nonce > floor);
  if (floor > seen.floor) seen.floor = floor;
}
