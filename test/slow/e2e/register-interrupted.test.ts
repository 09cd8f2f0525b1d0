import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../../src/wallet/index.ts';
import { finished, Sandbox } from '../../support/cli.ts';
import { type Devchain, startDevchain } from '../../support/devchain/index.ts';

let devchain: Devchain;
let box: Sandbox;
let count = 0;

beforeAll(async () => {
  devchain = await startDevchain({ slotMs: 'manual' });
});
afterAll(async () => await devchain.close());
beforeEach(async () => {
  box = new Sandbox();
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([
    { location: { root, wallet: 'w' }, keypair: keypairFromUri('//Alice') },
    { location: { root, wallet: 'w', hotkey: 'h' }, keypair: keypairFromUri(`//Alice//cut ${count++}`) },
  ]);
});
afterEach(() => box.remove());

const ARGS = ['register', '-w', 'w', '-H', 'h', '--max-price', '5', '--yes'];

/** Starts the command and ends it with a signal as soon as it has said `text`. */
async function cutAt(text: string, signal: 'SIGINT' | 'SIGKILL', args: readonly string[] = ARGS) {
  const child = box.start([...args, '--network', devchain.endpoint]);
  let seen = '';
  let cut = false;
  child.stderr.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    // Once: a second Ctrl-C would end it at once.
    if (!cut && seen.includes(text)) cut = child.kill(signal);
  });
  return await finished(child);
}

/** The second run, with blocks coming as they would. */
async function again() {
  const mining = setInterval(() => devchain.mine(), 100);
  try {
    return await box.json([...ARGS, '--network', devchain.endpoint]);
  } finally {
    clearInterval(mining);
  }
}

test.each(['Signed', 'Sent'])(
  'Ctrl-C after “%s”: told that it may still happen, found out by the next run',
  async (word) => {
    const before = devchain.submitted.length;
    const cut = await cutAt(word, 'SIGINT');
    expect(cut.exit).toBe(130);
    const { json, exit } = await again();
    expect(json).toMatchObject({ outcome: 'registered' });
    expect(exit).toBe(0);
    const hashes = new Set(devchain.submitted.slice(before).map(({ extrinsic }) => extrinsic?.hash));
    expect(hashes.size).toBe(1);
  },
  60_000,
);

test('kill -9 after it was sent: the next run finds it, and says what was agreed to', async () => {
  const before = devchain.submitted.length;
  const cut = await cutAt('Sent', 'SIGKILL');
  expect(cut.signal).toBe('SIGKILL');
  const { json } = await again();
  expect(json).toMatchObject({
    outcome: 'registered',
    hotkeys: [{ already: false }],
    ceiling: { rao: '5000000000' },
    bill: null,
  });
  const hashes = new Set(devchain.submitted.slice(before).map(({ extrinsic }) => extrinsic?.hash));
  expect(hashes.size).toBe(1);
}, 60_000);

test('Ctrl-C after a transfer was sent: told that sending again would pay twice, and until when it may happen', async () => {
  const to = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
  const cut = await cutAt('Sent', 'SIGINT', ['transfer', '-w', 'w', '--to', to, '--amount', '1', '--yes']);
  expect(cut.exit).toBe(130);
  expect(cut.stderr).toMatch(
    /would send another one\. The transaction 0x[0-9a-f]{64} can come into a block until \d+/,
  );
  expect(cut.stderr).not.toContain('looks for the transaction first');
}, 60_000);
