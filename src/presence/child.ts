/**
 * The process that talks to the chain for a serving miner: one job, then it ends, and with it the chain library's memory. It has
 * no key: what is to be signed goes to the parent, which signs announcements only. Started by chain-process.ts, never imported.
 */
import { type Chain, type ChainSigner, connectChain, readPaying } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { ss58Decode } from '../wallet/index.ts';
import { announce } from './announce.ts';
import { decide } from './announcement.ts';
import {
  type ChainJob,
  type Failure,
  type FromChild,
  isMessage,
  type ToChild,
  type Wish,
} from './messages.ts';
import { type ChainView, readView } from './view.ts';

// A terminal's Ctrl-C reaches the whole group; the parent decides when this ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));

const waiting = new Map<number, PromiseWithResolvers<Uint8Array>>();
let lastId = 0;

process.on('message', (message: unknown) => {
  if (!isMessage<ToChild>(message, ['job', 'signature', 'unsigned'])) return;
  if (message.type === 'job') {
    void work(message.job).then(() => process.disconnect());
    return;
  }
  const asked = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.type === 'signature') asked?.resolve(message.signature);
  else asked?.reject(new Sv72Error('ERR_ANNOUNCE_SIGNER', message.reason));
});

async function work(job: ChainJob): Promise<void> {
  try {
    const { network, fallbacks, timeoutMs, cacheDir, netuid, hotkeys, wishes } = job;
    const chain = await connectChain({ network, timeoutMs, cacheDir, ...(fallbacks && { fallbacks }) });
    try {
      const read = await readView(chain, netuid, hotkeys);
      const view = job.paying ? await withPaying(chain, read) : read;
      await tell({ type: 'view', view });
      // One after the other: each waits for a block, and there are few.
      for (const [index, wish] of wishes.entries()) await fulfil(chain, view, wish, index);
    } finally {
      await chain.close();
    }
    await tell({ type: 'end' });
  } catch (error) {
    await tell({ type: 'failed', failure: failureOf(error) });
  }
}

/** Whoever serves wants to know that nobody is paid; where it cannot be judged, the rest is as good. */
async function withPaying(chain: Chain, view: ChainView): Promise<ChainView> {
  try {
    const { verdict, reasons } = await readPaying(chain, view.netuid, { history: false });
    const kind = verdict === 'pays' ? 'good' : 'bad';
    return { ...view, paying: { verdict, why: reasons.find((reason) => reason.kind === kind)?.text } };
  } catch {
    return view;
  }
}

async function fulfil(chain: Chain, view: ChainView, wish: Wish, index: number): Promise<void> {
  const own = view.ours.find(({ hotkey }) => hotkey === wish.hotkey);
  if (own?.uid === undefined) return;
  const decision = decide(wish.announcement, own[wish.announcement.kind], {
    block: view.block,
    rateLimit: view.servingRateLimit,
  });
  if (decision.kind !== 'announce') {
    await tell({ type: 'outcome', wish: index, outcome: decision });
    return;
  }
  try {
    const done = await announce({
      chain,
      netuid: view.netuid,
      announcement: wish.announcement,
      signer: remoteSigner(wish, index),
      until: 'in-block',
    });
    await tell({ type: 'outcome', wish: index, outcome: { kind: 'done', ...done } });
  } catch (error) {
    await tell({ type: 'outcome', wish: index, outcome: { kind: 'failed', failure: failureOf(error) } });
  }
}

/** Signs by asking the parent. */
function remoteSigner({ hotkey, cryptoType }: Wish, index: number): ChainSigner {
  return {
    ss58: hotkey,
    publicKey: ss58Decode(hotkey),
    cryptoType,
    sign(payload) {
      const id = ++lastId;
      const answer = Promise.withResolvers<Uint8Array>();
      waiting.set(id, answer);
      void tell({ type: 'sign', id, wish: index, payload });
      return answer.promise;
    },
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof Sv72Error) {
    const { code, message, next, details } = error;
    return { code, message, next, details };
  }
  const message = `Reading the chain failed: ${error instanceof Error ? error.message : String(error)}`;
  const { code, next, details } = new Sv72Error('ERR_BUG', message);
  return { code, message, next, details };
}

/** Resolves when the parent has it, so that nothing is lost at the end. */
function tell(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}
