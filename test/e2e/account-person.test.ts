import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { type Devchain, startDevchain } from '../support/devchain/index.ts';
import { Terminal } from '../support/terminal.ts';

let devchain: Devchain;
let box: Sandbox;

beforeAll(async () => {
  devchain = await startDevchain({ slotMs: 'instant' });
});
afterAll(async () => await devchain.close());
beforeEach(async () => {
  box = new Sandbox();
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([{ location: { root, wallet: 'w' }, keypair: keypairFromUri('//Alice') }]);
});
afterEach(() => box.remove());

const to = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const open = () =>
  new Terminal(box, ['transfer', '-w', 'w', '--to', to, '--amount', '1.50', '--network', devchain.endpoint]);

test('a transfer goes when the amount is typed', async () => {
  const before = devchain.submitted.length;
  const terminal = open();
  await terminal.see('remains');
  await terminal.see('Type the amount (1.5)');
  terminal.type('1.5\r');
  await terminal.see('Sent τ 1.5 in block');
  expect(await terminal.exit()).toBe(0);
  expect(devchain.submitted.length).toBe(before + 1);
});

test.each(['yes\r', '\r', '15\r', '\x03'])('and not when something else is: %j', async (keys) => {
  const before = devchain.submitted.length;
  const terminal = open();
  await terminal.see('Type the amount (1.5)');
  terminal.type(keys);
  expect(await terminal.exit()).toBe(keys === '\x03' ? 130 : 1);
  expect(devchain.submitted.length).toBe(before);
});
