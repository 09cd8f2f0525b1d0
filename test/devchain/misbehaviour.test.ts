import { WsProvider } from '@polkadot/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Connected, connect, hex, refusal, remark, signed } from './client.ts';

let chain: Connected;
beforeEach(async () => {
  chain = await connect({ endpoints: 2 });
});
afterEach(async () => await chain.close());

test('a dropped extrinsic is never heard of again', async () => {
  const { dev, alice } = chain;
  dev.misbehave.dropNext();
  const id = await chain.raw('author_submitAndWatchExtrinsic', signed(chain, remark(chain), alice).toHex());
  expect(id).toEqual(expect.any(String));
  dev.mine(4);
  expect(await chain.api.rpc.author.pendingExtrinsics()).toHaveLength(0);
  expect(dev.submitted.map(({ outcome }) => outcome)).toEqual(['lost']);
  // The next one is taken, with the same nonce.
  expect(await refusal(chain, signed(chain, remark(chain, '0x01'), alice))).toMatch(/^taken/);
});

test('a hung method leaves the others alone; another endpoint answers', async () => {
  const { dev } = chain;
  dev.misbehave.hang('chain_getHeader');
  let answered = false;
  void chain.raw('chain_getHeader').then(
    () => {
      answered = true;
    },
    () => undefined,
  );
  await chain.raw('system_health');
  await chain.raw('system_health');
  expect(answered).toBe(false);
  const other = new WsProvider(dev.endpoints[1]?.url);
  await other.isReady;
  expect(await other.send('chain_getHeader', [])).toHaveProperty('number');
  await other.disconnect();
});

test('429 on the handshake, for as many as asked', async () => {
  const { dev } = chain;
  dev.misbehave.refuse429(2);
  const status = () =>
    new Promise<number | 'open'>((resolve, reject) => {
      const socket = new WebSocket(dev.endpoint);
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => {
        socket.terminate();
        resolve('open');
      });
      socket.on('error', reject);
    });
  expect([await status(), await status(), await status()]).toEqual([429, 429, 'open']);
});

test('the rate limit of JSON-RPC', async () => {
  chain.dev.misbehave.rateLimit();
  await expect(chain.raw('system_health')).rejects.toThrow('-32999: RPC rate limit exceeded');
  expect(await chain.raw('system_health')).toHaveProperty('isSyncing');
});

test('a closed socket, and one that closes in the middle of a submission that was taken', async () => {
  const { dev, alice, api } = chain;
  const gone = new Promise<void>((resolve) => api.once('disconnected', () => resolve()));
  dev.misbehave.closeOn('author_submitExtrinsic', { done: true });
  const outcome = refusal(chain, signed(chain, remark(chain), alice));
  await gone;
  expect(await outcome).toMatch(/disconnected/);
  dev.mine();
  expect(dev.world.accounts.get(hex(alice.publicKey))?.nonce).toBe(1);
});

test('over the wire, while it hangs', async () => {
  const { dev, alice } = chain;
  const before = dev.chain.head.header.number;
  await chain.raw('dev_misbehave', { hang: null });
  expect(await chain.raw('dev_mine', 3)).toBe(before + 3);
  await chain.raw('dev_misbehave', { stop: true });
  expect(await chain.raw('system_health')).toHaveProperty('isSyncing');
  expect(await chain.raw('dev_fund', alice.address, '5')).toBe((10n ** 12n + 5n).toString());
  await refusal(chain, signed(chain, remark(chain), alice));
  expect(await chain.raw('dev_submitted')).toMatchObject([
    { outcome: 'pool', nonce: 0, call: { pallet: 'System', name: 'remark_with_event' } },
  ]);
  await expect(chain.raw('dev_misbehave', { explode: true })).rejects.toThrow('-32602');
});

test('a runtime upgrade: announced, and signatures for the old one are bad', async () => {
  const { dev, api, alice } = chain;
  const before = signed(chain, remark(chain), alice);
  const seen: number[] = [];
  const upgraded = new Promise<void>((resolve) => {
    void api.rpc.state.subscribeRuntimeVersion((version) => {
      seen.push(version.specVersion.toNumber());
      if (seen.length === 2) resolve();
    });
  });
  await chain.raw('system_health');
  dev.runtimeUpgrade('newer');
  await upgraded;
  expect(seen).toEqual([424, 471]);
  expect(await refusal(chain, before)).toMatch(/bad signature/);
  const events = await (await api.at(dev.chain.head.hash)).query.system?.events?.();
  expect(JSON.stringify(events?.toHuman())).toContain('CodeUpdated');
});
