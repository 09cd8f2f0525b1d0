// The process of a fork: chopsticks behind a WebSocket on a loopback port. It gets no secret and signs nothing; the
// fork takes a mock signature for anybody's.

import type { Chopsticks, ForkedChain, WebSockets } from './chopsticks.ts';
import type { ForkNews, ForkRequest } from './messages.ts';
import { serveFork } from './server.ts';
import { StateCache } from './state-cache.ts';

const REPORT_MS = 250;
const BLOCK_WITHOUT_MESSAGES = { upwardMessages: {}, downwardMessages: [], horizontalMessages: {} };

process.once('message', (request: ForkRequest) => {
  start(request).catch((error: unknown) => fail(error));
});
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (error) => fail(error));

async function start(request: ForkRequest): Promise<void> {
  const chopsticks: Chopsticks = await import(request.chopsticks);
  const { WebSocketServer }: WebSockets = await import(request.ws);
  const cache = new StateCache(request.block);
  let answers = 0;
  let told = 0;
  const chain = await chopsticks.setup({
    endpoint: request.endpoint,
    block: request.block,
    buildBlockMode: 'Manual',
    mockSignatureHost: true,
    allowUnresolvedImports: true,
    rpcTimeout: request.timeoutMs,
    db: cache,
    saveBlocks: false,
    hooks: { apiFetching: () => void answers++ },
  });
  cache.remote = chain.api;
  // Fetches and compiles the runtime; an endpoint that does not give it is of no use.
  await chain.head.runtimeVersion;
  setInterval(() => {
    if (answers !== told) tell({ kind: 'fetched', answers });
    told = answers;
  }, REPORT_MS);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 1 << 24 });
  server.on('error', fail);
  server.on('listening', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') tell({ kind: 'ready', port: address.port });
  });
  serveFork(server, { handlers: chopsticks.allHandlers, chain, build: () => build(chain), fail });
}

/** Builds the block for an extrinsic as soon as the pool has it; chopsticks itself would only log why it cannot. */
async function build(chain: ForkedChain): Promise<void> {
  const transactions = [...chain.txPool.pendingExtrinsics];
  chain.txPool.clear();
  const block = await chain.newBlockWithParams({ ...BLOCK_WITHOUT_MESSAGES, transactions });
  const included = await block.extrinsics;
  const left = transactions.find((one) => !included.includes(one));
  if (left === undefined) return;
  const { outcome } = await chain.dryRunExtrinsic(left);
  throw new Error(`the block does not take it: ${outcome.toString()}`);
}

function tell(news: ForkNews): void {
  process.send?.(news);
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.send?.({ kind: 'failed', reason: reason.slice(0, 2000) } satisfies ForkNews, () => process.exit(1));
}
