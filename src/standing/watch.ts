import type { Chain, Head } from '../chain/index.ts';

export interface WatchOptions {
  readonly chain: Chain;
  /** At least so long between two looks, in ms; a look needs a new block, too. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/**
 * Blocks to look at: each new one that comes `everyMs` or more after the last look; the time begins now.
 * Ends when the signal aborts. Blocks that pass during a look are caught up by one look.
 */
export async function* looks({ chain, everyMs, signal, now = () => performance.now() }: WatchOptions) {
  let newest: Head | undefined;
  let wake: (() => void) | undefined;
  const stop = await chain.subscribeHeads((head) => {
    newest = head;
    wake?.();
  });
  const aborted = () => wake?.();
  signal.addEventListener('abort', aborted);
  let last = now();
  try {
    while (!signal.aborted) {
      if (newest !== undefined && now() - last >= everyMs) {
        const head = newest;
        newest = undefined;
        last = now();
        yield head;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (signal.aborted) resolve();
      });
    }
  } finally {
    signal.removeEventListener('abort', aborted);
    stop();
  }
}
