import { formatTao, type Rao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { readPrice } from '../state/price.ts';
import type { Chain, Head } from '../types.ts';
import type { RegisterContext } from './request.ts';

/**
 * Waits until the price is at most `target`: one subscription to heads, and one read of storage for each.
 * @throws ERR_PRICE_WAIT_TIMEOUT, ERR_INTERRUPTED
 */
export async function waitForPrice(
  { chain, onNews, signal }: Pick<RegisterContext, 'chain' | 'onNews' | 'signal'>,
  options: { readonly netuid: number; readonly target: Rao; readonly timeoutMs: number },
): Promise<Rao> {
  const { netuid, target, timeoutMs } = options;
  let lowest: Rao | undefined;
  const found = await eachHead(chain, { timeoutMs, signal }, async ({ number }) => {
    const price = await readPrice(chain, netuid);
    if (lowest === undefined || price < lowest) lowest = price;
    onNews({ kind: 'price', block: number, price, target });
    return price <= target ? price : undefined;
  });
  if (found !== undefined) return found;
  throw new Sv72Error(
    'ERR_PRICE_WAIT_TIMEOUT',
    `The price did not fall to ${formatTao(target)} in the time given${lowest === undefined ? '' : `; the lowest seen was ${formatTao(lowest)}`}.`,
    { details: { netuid, targetRao: target.toString(), lowestRao: lowest?.toString() ?? null } },
  );
}

/**
 * Calls `look` with the head now and every new one, one call at a time and skipping heads that come meanwhile, until it answers
 * something or the time is over.
 * @returns undefined when the time is over
 * @throws what `look` throws, ERR_INTERRUPTED
 */
export async function eachHead<T>(
  chain: Pick<Chain, 'head' | 'subscribeHeads'>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  look: (head: Head) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (signal.aborted) throw interrupted();
  let newest: Head | undefined = await chain.head();
  let wake: () => void = () => undefined;
  let over: 'time' | 'interrupt' | undefined;
  const end = (reason: 'time' | 'interrupt') => {
    over ??= reason;
    wake();
  };
  const unsubscribe = await chain.subscribeHeads((head) => {
    newest = head;
    wake();
  });
  const cancel = after(timeoutMs, () => end('time'));
  const onAbort = () => end('interrupt');
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      while (newest === undefined && over === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (over === 'interrupt') throw interrupted();
      if (newest === undefined) return undefined;
      const head = newest;
      newest = undefined;
      const answer = await look(head);
      if (answer !== undefined) return answer;
      if (over === 'time') return undefined;
    }
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}

/** Longer timers than this fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls `work` once after a time of any length. @returns forgets about it */
function after(ms: number, work: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    timer = setTimeout(() => (left > step ? arm(left - step) : work()), step);
  };
  arm(ms);
  return () => clearTimeout(timer);
}

function interrupted(): Sv72Error {
  return new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was signed since the last message.');
}
