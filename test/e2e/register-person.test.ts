import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { type Devchain, startDevchain } from '../support/devchain/index.ts';
import { FUNDED } from '../support/devchain/scenarios/index.ts';
import { Terminal } from '../support/terminal.ts';

let devchain: Devchain;
let box: Sandbox;
let count = 0;

beforeAll(async () => {
  devchain = await startDevchain({ slotMs: 'instant', scenario: 'halted' });
});
afterAll(async () => await devchain.close());
beforeEach(async () => {
  box = new Sandbox();
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([
    { location: { root, wallet: 'w' }, keypair: keypairFromUri(Object.keys(FUNDED)[0] ?? '') },
    { location: { root, wallet: 'w', hotkey: 'h' }, keypair: keypairFromUri(`//Alice//person ${count++}`) },
  ]);
});
afterEach(() => box.remove());

const open = (...args: string[]) =>
  new Terminal(box, ['register', '-w', 'w', '-H', 'h', '--network', devchain.endpoint, ...args]);
const sent = () => devchain.submitted.length;

test('shows the bill, wants the acceptance typed in full and the ceiling as an amount, and registers', async () => {
  const before = sent();
  const terminal = open();
  await terminal.see('Burned');
  await terminal.see('THE SUBNET PAYS NO MINER NOW');
  await terminal.see('Type "accept unpaid"');
  terminal.type('accept unpaid\r');
  await terminal.see('The most that one registration may cost');
  terminal.type('0.5\r');
  await terminal.see('is registered: UID');
  expect(await terminal.exit()).toBe(0);
  expect(sent()).toBe(before + 1);
});

test('yes is not enough for a subnet that pays nobody', async () => {
  const before = sent();
  const terminal = open('--max-price', '0.5', '--yes');
  await terminal.see('Type "accept unpaid"');
  terminal.type('yes\r');
  await terminal.see('ERR_SUBNET_PAYS_NOBODY');
  expect(await terminal.exit()).toBe(1);
  expect(sent()).toBe(before);
});

test('with the ceiling on the command line it asks before it signs, and no means no', async () => {
  const before = sent();
  const terminal = open('--max-price', '0.5', '--accept-unpaid');
  await terminal.see('Register for at most τ 0.5 each?');
  terminal.type('\r');
  await terminal.see('ERR_ABORTED');
  expect(await terminal.exit()).toBe(1);
  expect(sent()).toBe(before);
});

test('Ctrl-C at a question: nothing was signed', async () => {
  const before = sent();
  const terminal = open('--accept-unpaid');
  await terminal.see('The most that one registration may cost');
  terminal.type('\x03');
  expect(await terminal.exit()).toBe(130);
  expect(sent()).toBe(before);
});

test('without the coldkey on the machine it says so before anything else', async () => {
  rmSync(join(box.home, '.bittensor', 'wallets', 'w', 'coldkey'));
  const result = await box.run(['register', '-w', 'w', '-H', 'h', '--network', devchain.endpoint]);
  expect(result.exit).toBe(1);
  expect(result.stderr).toContain('ERR_WALLET_NOT_FOUND');
  expect(result.stderr).toContain('--hotkey-address');
});

/** A coldkey that no password opens, and Alice's public half. */
function lockColdkey(): void {
  const folder = join(box.home, '.bittensor', 'wallets', 'w');
  const { ss58, publicKey } = keypairFromUri('//Alice');
  const hex = `0x${Buffer.from(publicKey).toString('hex')}`;
  writeFileSync(join(folder, 'coldkey'), `$NACL${'x'.repeat(200)}`);
  writeFileSync(
    join(folder, 'coldkeypub.txt'),
    JSON.stringify({ accountId: hex, publicKey: hex, ss58Address: ss58 }),
  );
}

test('a dry run in a terminal asks for the password, and Enter leaves the node’s check out', async () => {
  lockColdkey();
  const terminal = open('--dry-run');
  await terminal.see('Enter to leave the node’s check out');
  terminal.type('\r');
  await terminal.see('was not made: the key that signs stayed locked');
  expect(await terminal.exit()).toBe(0);
});

test('a dry run without a terminal asks for no password and says what was not checked', async () => {
  lockColdkey();
  const args = ['register', '-w', 'w', '-H', 'h', '--network', devchain.endpoint, '--dry-run'];
  const { exit, json } = await box.json(args);
  expect(json).toMatchObject({
    outcome: 'dry-run',
    check: { kind: 'not-made', reason: expect.stringContaining('locked') },
    bill: { free: { rao: expect.stringMatching(/^\d+$/) } },
  });
  expect(exit).toBe(0);
});

test('a dry run is held to the ceiling as the run would be, unless the price is waited for', async () => {
  const args = ['register', '-w', 'w', '-H', 'h', '--network', devchain.endpoint, '--dry-run'];
  const refused = await box.run([...args, '--max-price', '0.000000001']);
  expect(refused.stdout).toContain('Burned');
  expect(refused.stderr).toContain('ERR_PRICE_ABOVE_CEILING');
  expect(refused.exit).toBe(1);
  const waiting = await box.run([...args, '--wait-for-price', '0.000000001']);
  expect(waiting.stdout).toContain('Ceiling: τ 0.000000001 a registration');
  expect(waiting.exit).toBe(0);
});
