import { Sv72Error } from '../../../errors/index.ts';
import type { BlockId, Chain, Hex } from '../../types.ts';
import { eachHead } from '../wait.ts';
import { sealPrefix } from './seal.ts';
import { type Found, openSearch, type Search } from './search.ts';
import { readPowTerms } from './terms.ts';

/** A proof of work, for the block that it was found upon. */
export interface Proof {
  readonly block: BlockId;
  readonly nonce: bigint;
  readonly work: Uint8Array;
  readonly difficulty: bigint;
}

export interface MiningState {
  readonly block: number;
  readonly difficulty: bigint;
  readonly tried: bigint;
  /** Tries a second since the search began; 0 at the start. */
  readonly rate: number;
}

export interface MineOptions {
  readonly netuid: number;
  /** Public keys. */
  readonly hotkey: Uint8Array;
  readonly coldkey: Uint8Array;
  /** One a core unless told otherwise. */
  readonly threads?: number | undefined;
  readonly timeoutMs: number;
  readonly onProgress?: (state: MiningState) => void;
  readonly signal: AbortSignal;
  /** Milliseconds of a steady clock. */
  readonly clock?: () => number;
}

/**
 * Searches for a proof upon the newest block, and starts again upon every newer one: a search has no memory, so that costs nothing,
 * and the proof is fresh when it is found.
 * @throws ERR_POW_NOT_ALLOWED, ERR_POW_TIMEOUT, ERR_INTERRUPTED
 */
export async function mine(chain: Chain, options: MineOptions): Promise<Proof> {
  const { netuid, hotkey, coldkey, threads, timeoutMs, onProgress, signal } = options;
  const clock = options.clock ?? (() => performance.now());
  const began = clock();
  const subjects = new Map<string, { readonly block: BlockId; readonly difficulty: bigint }>();
  const stop = new AbortController();
  let result: Found | Error | undefined;
  const end = (found: Found | Error) => {
    result ??= found;
    stop.abort();
  };
  const search: Search = openSearch({ threads, onFound: end, onFailure: end });
  let newest: { readonly block: number; readonly difficulty: bigint } | undefined;
  const tell = () => {
    if (newest === undefined) return;
    const seconds = (clock() - began) / 1_000;
    const tried = search.tried();
    onProgress?.({ ...newest, tried, rate: seconds > 0 ? Number(tried) / seconds : 0 });
  };
  const telling = setInterval(tell, 1_000);
  try {
    await eachHead(chain, { timeoutMs, signal: AbortSignal.any([signal, stop.signal]) }, async (head) => {
      const terms = await readPowTerms(chain, netuid);
      if (terms?.allowed !== true) {
        throw new Sv72Error(
          'ERR_POW_NOT_ALLOWED',
          `Subnet ${netuid} takes no registrations by proof of work now.`,
          {
            details: { netuid },
          },
        );
      }
      const { difficulty } = terms;
      const prefix = sealPrefix({ netuid, blockHash: bytes(head.hash), hotkey, coldkey });
      subjects.set(key(prefix), { block: { hash: head.hash, number: head.number }, difficulty });
      if (result === undefined) search.seek(prefix, difficulty);
      newest = { block: head.number, difficulty };
      tell();
      return undefined;
    });
  } catch (error) {
    // The search ends the wait for heads by its own signal; everything else is what it seems.
    if (result === undefined || signal.aborted) throw error;
  } finally {
    clearInterval(telling);
    await search.close();
  }
  if (result instanceof Error) throw result;
  if (result === undefined) {
    throw new Sv72Error('ERR_POW_TIMEOUT', 'No proof of work was found in the time given.', {
      details: { netuid, tried: search.tried().toString() },
    });
  }
  const subject = subjects.get(key(result.prefix));
  if (subject === undefined)
    throw new Sv72Error('ERR_BUG', 'A proof of work was found for an unknown block.');
  return { ...subject, nonce: result.nonce, work: result.work };
}

/**
 * Tries a second that this machine makes, measured for a moment.
 * @param options.forMs length of the measurement
 */
export async function measureRate(
  options: { readonly threads?: number | undefined; readonly forMs?: number } = {},
) {
  const search = openSearch({
    threads: options.threads,
    onFound: () => undefined,
    onFailure: () => undefined,
  });
  try {
    search.seek(new Uint8Array(123), 2n ** 64n - 1n);
    await new Promise((resolve) => setTimeout(resolve, options.forMs ?? 400));
    const began = performance.now();
    const before = search.tried();
    await new Promise((resolve) => setTimeout(resolve, options.forMs ?? 400));
    return Number(search.tried() - before) / ((performance.now() - began) / 1_000);
  } finally {
    await search.close();
  }
}

const bytes = (hex: Hex): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
const key = (prefix: Uint8Array): string => Buffer.from(prefix).toString('hex');
