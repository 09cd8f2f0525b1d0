import { afterEach, expect, test, vi } from 'vitest';
import { type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

test('two registrations of one account in the same block each say what they took', async () => {
  stage = await startStage({ slotMs: 'manual' });
  const free = () =>
    stage.devchain.world.accounts.get(`0x${Buffer.from(stage.alice.publicKey).toString('hex')}`)?.free ?? 0n;
  const before = free();
  const both = [];
  for (const uri of ['//Alice//1', '//Alice//2']) {
    both.push(stage.register(stage.request({ hotkeys: [uri] }), { at: tao('1') }));
    const count = both.length;
    await vi.waitFor(() => expect(stage.sent('register_limit')).toBe(count));
  }
  stage.devchain.mine(5);
  const receipts = (await Promise.all(both)).flat().map(({ receipt }) => receipt);
  const [first, second] = receipts;
  expect(first?.block).toBe(second?.block);
  expect(first?.charged).toBeGreaterThan(0n);
  expect(second?.charged).toBeGreaterThan(first?.charged ?? 0n);
  const taken = receipts.reduce((sum, receipt) => sum + (receipt?.charged ?? 0n) + (receipt?.fee ?? 0n), 0n);
  expect(taken).toBe(before - free());
});
