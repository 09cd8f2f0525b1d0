import { writeSync } from 'node:fs';
import { rao } from '../../../src/amount/index.ts';
import { connectChain } from '../../../src/chain/connect.ts';
import { registerHotkeys } from '../../../src/chain/register/story.ts';
import { estimateFee } from '../../../src/chain/transactions/fee.ts';
import { outcomeOf } from '../../../src/chain/transactions/outcome.ts';
import { submit } from '../../../src/chain/transactions/submit.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';

/** Registers, and stands still for ever at one step, where it is to be killed. */
const [endpoint = '', folder = '', until = '', hotkey = ''] = process.argv.slice(2);

/** No event of any kind happens after this: the process is exactly at that step. */
function step(name: string): void {
  if (name !== until) return;
  writeSync(1, `${name}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const signer = keypairFromUri('//Alice');
const chain = await connectChain({ network: endpoint, cacheDir: null });
await registerHotkeys({
  chain,
  folder,
  request: {
    netuid: 72,
    hotkeys: [{ ss58: keypairFromUri(hotkey).ss58 }],
    signer,
    real: undefined,
    way: 'burn',
  },
  transactions: { submit, outcomeOf, estimateFee },
  agree: async () => {
    step('agree');
    return { ceiling: rao(500_000_000n) };
  },
  unlock: async () => {
    step('unlock');
    return signer;
  },
  pow: { timeoutMs: 1 },
  onNews: (news) => step(news.kind === 'submitted' ? news.status.kind : news.kind),
  signal: new AbortController().signal,
  now: Date.now,
});
await chain.close();
