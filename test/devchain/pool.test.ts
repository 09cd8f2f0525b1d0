import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type Connected, call, connect, fund, hex, refusal, remark, signed, watch } from './client.ts';

let chain: Connected;
afterEach(async () => await chain.close());

const free = (address: string) =>
  chain.api.query.system?.account?.(address).then((account) => BigInt(Object(account.toJSON()).data.free));

test('ready, in a block, finalized: with events', async () => {
  chain = await connect({ finalityLag: 1 });
  const { dev, alice } = chain;
  const sent = watch((tell) => remark(chain).signAndSend(alice, { nonce: -1 }, tell));
  await sent.until('Ready');
  dev.mine();
  const { events } = await sent.until('InBlock');
  expect(events.map(({ event }) => `${event.section}.${event.method}`)).toEqual([
    'balances.Withdraw',
    'system.Remarked',
    'transactionPayment.TransactionFeePaid',
    'system.ExtrinsicSuccess',
  ]);
  dev.mine();
  await sent.until('Finalized');
  expect(sent.seen).toEqual(['Ready', 'InBlock', 'Finalized']);
});

test('a fork makes a block when something comes, and it is final', async () => {
  chain = await connect({ slotMs: 'instant' });
  const before = chain.dev.chain.head.header.number;
  const sent = watch((tell) => remark(chain).signAndSend(chain.alice, { nonce: -1 }, tell));
  await sent.until('Finalized');
  expect(chain.dev.chain.head.header.number).toBe(before + 1);
  expect(chain.dev.chain.finalized.hash).toBe(chain.dev.chain.head.hash);
});

test('a nonce ahead waits for the gap to close', async () => {
  chain = await connect();
  const { dev, alice } = chain;
  const later = watch((tell) => remark(chain, '0x02').signAndSend(alice, { nonce: 1 }, tell));
  await later.until('Future');
  dev.mine();
  expect(later.seen).toEqual(['Future']);
  expect((await chain.api.rpc.system.accountNextIndex(alice.address)).toNumber()).toBe(0);
  await refusal(chain, signed(chain, remark(chain), alice));
  await later.until('Ready');
  expect((await chain.api.rpc.system.accountNextIndex(alice.address)).toNumber()).toBe(2);
  dev.mine();
  await later.until('InBlock');
});

test('a better tip takes the place', async () => {
  chain = await connect();
  const first = watch((tell) => remark(chain).signAndSend(chain.alice, { nonce: 0 }, tell));
  await first.until('Ready');
  await refusal(chain, signed(chain, remark(chain, '0x03'), chain.alice, { tip: 5n }));
  await first.until('Usurped');
});

test('what can no longer be paid when its block comes is thrown out', async () => {
  chain = await connect();
  const sent = watch((tell) => remark(chain).signAndSend(chain.alice, { nonce: 0 }, tell));
  await sent.until('Ready');
  fund(chain.dev, chain.alice, 600n);
  chain.dev.mine();
  await sent.until('Invalid');
});

test('a reorganisation takes it out of its block and the new fork brings it again', async () => {
  chain = await connect({ finalityLag: 3 });
  const { dev, alice } = chain;
  const sent = watch((tell) => remark(chain).signAndSend(alice, { nonce: 0 }, tell));
  await sent.until('Ready');
  dev.mine();
  const first = (await sent.until('InBlock')).status.asInBlock.toHex();
  dev.mine();
  const old = dev.chain.head.header.number;
  expect(dev.reorg(2)).toBe(old + 1);
  expect((await sent.until('Retracted')).status.asRetracted.toHex()).toBe(first);
  await sent.until('InBlock', 2);
  dev.mine(3);
  const last = (await sent.until('Finalized')).status.asFinalized.toHex();
  expect(last).not.toBe(first);
  expect(sent.seen).toEqual(['Ready', 'InBlock', 'Retracted', 'Ready', 'InBlock', 'Finalized']);
  expect(dev.world.accounts.get(hex(alice.publicKey))?.nonce).toBe(1);
});

test('a reorganisation may lose it, with its fee and nonce; finalized blocks stay', async () => {
  chain = await connect({ finalityLag: 3 });
  const { dev, alice } = chain;
  await refusal(chain, signed(chain, remark(chain), alice));
  dev.mine(2);
  expect(await free(alice.address)).toBeLessThan(10n ** 12n);
  dev.reorg(2, { lose: true });
  dev.mine(5);
  expect(await free(alice.address)).toBe(10n ** 12n);
  expect(dev.world.accounts.get(hex(alice.publicKey))?.nonce).toBe(0);
  expect(() => dev.reorg(4)).toThrow(/is finalized/);
});

test('the fee that the node tells is the fee that is taken, whatever the length and the tip', async () => {
  chain = await connect({ finalityLag: 0 });
  const { dev, alice } = chain;
  let nonce = 0;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.bigInt(0n, 10n ** 6n), async (bytes, tip) => {
      const tx = signed(chain, remark(chain, hex(bytes)), alice, { nonce: nonce++, tip });
      const before = (await free(alice.address)) ?? 0n;
      const { partialFee } = (await chain.raw('payment_queryInfo', tx.toHex())) as { partialFee: string };
      expect(await refusal(chain, tx)).toMatch(/^taken/);
      dev.mine();
      expect(await free(alice.address)).toBe(before - BigInt(partialFee) - tip);
    }),
    { numRuns: 25 },
  );
});

test('a call that fails costs its fee and changes nothing else', async () => {
  chain = await connect({ slotMs: 'instant' });
  const { alice, bob } = chain;
  const before = await free(bob.address);
  const transfer = call(chain, 'balances', 'transferKeepAlive', bob.address, 10n ** 15n);
  const { status, events, dispatchError } = await watch((tell) =>
    transfer.signAndSend(alice, { nonce: -1 }, tell),
  ).until('Finalized');
  expect(status.isFinalized).toBe(true);
  expect(dispatchError).toBeDefined();
  expect(events.at(-1)?.event.method).toBe('ExtrinsicFailed');
  expect(await free(bob.address)).toBe(before);
  expect(await free(alice.address)).toBeLessThan(10n ** 12n);
});
