import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { recordUpload } from '../../src/store/index.ts';
import { keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { startDevchain } from '../support/devchain/index.ts';
import { published } from './place.ts';

it('a hotkey without a place on the subnet is told; one that is registered and immune is not', async () => {
  const dev = await startDevchain({ slotMs: 'instant' });
  const box = new Sandbox();
  onTestFinished(async () => {
    box.remove();
    await dev.close();
  });
  const root = join(box.home, '.bittensor', 'wallets');
  const hotkey = keypairFromUri('//Alice//h0');
  await saveKeys([
    { location: { root, wallet: 'w' }, keypair: keypairFromUri('//Alice') },
    { location: { root, wallet: 'w', hotkey: 'h0' }, keypair: hotkey },
  ]);
  const at = Math.floor(Date.now() / 1000) - 3600;
  const store = join(box.home, '.local', 'share', 'sv72', 'sv72.db');
  recordUpload(store, published({ hotkey: hotkey.ss58, submittedAt: at }));
  // Nobody listens there: the card cannot be read, and our own record counts.
  const args = ['--network', dev.endpoint, '--hub-url', 'http://127.0.0.1:1'];

  const without = await box.json(['refresh', ...args]);
  expect(without).toMatchObject({
    exit: 20,
    json: { state: 'overdue', reminders: [{ kind: 'registration', level: 'overdue' }] },
  });
  const paid = await box.run([
    'register',
    '-w',
    'w',
    '-H',
    'h0',
    '--network',
    dev.endpoint,
    '--max-price',
    '1',
    '--yes',
  ]);
  expect(paid.exit, paid.stderr).toBe(0);
  // What was read of the chain is shared for a while; this one reads it anew.
  const env = { SV72_CHAIN_CACHE: join(box.home, 'other') };
  expect(await box.json(['refresh', ...args], { env })).toMatchObject({
    exit: 0,
    json: { state: 'nothing', reminders: [] },
  });
});
