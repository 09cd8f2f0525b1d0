import type { Chain, Head } from '../chain/index.ts';

/** At least so long, or so many blocks, between two looks; a look needs a new block in any case. */
export type Pace = { readonly ms: number } | { readonly blocks: number };

export interface WatchOptions {
  readonly chain: Chain;
  readonly every: Pace;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/**
 * Blocks to look at: each new one that comes long enough, or enough blocks, after the last look; counted from now.
 * Ends when the signal aborts. Blocks that pass during a look are caught up by one look.
 */
export async function* looks({ chain, every, signal, now = () => performance.now() }: WatchOptions) {
  let newest: Head | undefined;
  let wake: (() => void) | undefined;
  const stop = await chain.subscribeHeads((head) => {
    newest = head;
    wake?.();
  });
  const aborted = () => wake?.();
  signal.addEventListener('abort', aborted);
  let last = now();
  let seen = 'blocks' in every ? (await chain.head()).number : 0;
  const isTime = ({ number }: Head) =>
    'blocks' in every ? number - seen >= every.blocks : now() - last >= every.ms;
  try {
    while (!signal.aborted) {
      if (newest !== undefined && isTime(newest)) {
        const head = newest;
        newest = undefined;
        last = now();
        seen = head.number;
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
