import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestChain, type TestChain, type TestWallet } from '../../support/chain-endpoint/index.ts';
import { Sandbox } from '../../support/cli.ts';
import { expectSchema } from '../../support/schema.ts';

let chain: TestChain;
let box: Sandbox;
let main: TestWallet;
let delegate: TestWallet;

beforeAll(async () => {
  chain = await openTestChain();
}, 120_000);
afterAll(async () => await chain.close());
beforeEach(async () => {
  box = new Sandbox();
  main = await chain.wallet(box.home, 'main', 1_700_000_000n);
  delegate = await chain.wallet(box.home, 'box', 50_000_000n);
}, 120_000);
afterEach(() => box.remove());

async function sv72(
  id: string,
  ...args: string[]
): Promise<{ exit: number | null; json: Record<string, unknown> }> {
  const { exit, json } = await box.json([...id.split(' '), '--network', chain.endpoint, ...args]);
  const object = json as Record<string, unknown>;
  expectSchema('error' in object ? 'failure' : id, object);
  return { exit, json: object };
}

test('a key of the mining machine registers for a coldkey that is elsewhere, and can be kept from it again', async () => {
  const real = main.coldkey.ss58;
  const by = ['-w', 'box', '--proxy', real, '--hotkey-address', main.hotkeys[0]?.ss58 ?? ''];
  const agreed = ['--netuid', String(chain.netuid), '--max-price', '1.5', '--accept-unpaid', '--yes'];

  const refused = await sv72('register', ...by, ...agreed);
  expect(refused.json).toMatchObject({
    error: { code: 'ERR_PROXY', next: expect.stringContaining('sv72 proxy add') },
  });

  const added = await sv72('proxy add', '-w', 'main', '--delegate', delegate.coldkey.ss58, '--yes');
  expect(added.json).toMatchObject({ type: 'Registration', deposit_before: { rao: '0' } });
  expect(added.exit).toBe(0);
  const { json: listed } = await sv72('proxy list', '-w', 'main');
  expect(listed).toMatchObject({
    proxies: [{ delegate: delegate.coldkey.ss58, type: 'Registration', delay: 0 }],
  });

  const registered = await sv72('register', ...by, ...agreed);
  expect(registered.json).toMatchObject({
    outcome: 'registered',
    coldkey: real,
    signer: delegate.coldkey.ss58,
    bill: { fee_by: 'proxy' },
    hotkeys: [{ already: false }],
  });

  const removed = await sv72('proxy remove', '-w', 'main', '--delegate', delegate.coldkey.ss58, '--yes');
  expect(removed.json).toMatchObject({ deposit_after: { rao: '0' } });
  const again = await sv72('proxy remove', '-w', 'main', '--delegate', delegate.coldkey.ss58, '--yes');
  expect(again.json).toMatchObject({ error: { code: 'ERR_USAGE' } });
}, 180_000);
