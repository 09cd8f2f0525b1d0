import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../../src/wallet/index.ts';
import { Sandbox } from '../../support/cli.ts';
import { startDevchain } from '../../support/devchain/index.ts';
import { keyOf } from '../../support/devchain/scenarios/index.ts';
import { addStake } from '../../support/devchain/world/index.ts';
import { startNatixDouble } from '../../support/natix/server.ts';
import { expectSchema } from '../../support/schema.ts';

const W = ['-w', 'w'];
const H = [...W, '-H', 'h0'];
const hotkey = keypairFromUri('//Alice//h0');

test('register, then everything that a miner does with its UID', async () => {
  const dev = await startDevchain({ slotMs: 'instant' });
  const box = new Sandbox();
  onTestFinished(async () => {
    box.remove();
    await dev.close();
  });
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([
    { location: { root, wallet: 'w' }, keypair: keypairFromUri('//Alice') },
    { location: { root, wallet: 'w', hotkey: 'h0' }, keypair: hotkey },
  ]);
  /** `sv72 … --json` on the chain, checked against its schema. */
  const sv72 = async (id: string, ...args: string[]) => {
    const { exit, json } = await box.json([...id.split(' '), '--network', dev.endpoint, ...args]);
    const failed = typeof json === 'object' && json !== null && 'error' in json && json.error !== null;
    expectSchema(failed && id !== 'natix register' ? 'failure' : id, json);
    return { exit, json };
  };

  const registered = await sv72('register', ...H, '--max-price', '1', '--yes');
  expect(registered).toMatchObject({
    exit: 0,
    json: { outcome: 'registered', ceiling: { rao: '1000000000' }, hotkeys: [{ already: false }] },
  });
  const committed = await sv72('commit', 'alice/model', ...H, '--yes');
  expect(committed.json).toMatchObject({ unchanged: false, included: { fee: { rao: '0' } } });
  const announced = await sv72('axon set', ...H, '--external-ip', '8.8.4.4', '--port', '8095');
  expect(announced.json).toMatchObject({ announcements: [{ result: 'announced', address: '8.8.4.4:8095' }] });
  addStake(dev.world, keyOf('//Alice//h0'), keyOf('//Alice'), 72, 5_000_000_000n);
  dev.mine(50);

  const natix = await startNatixDouble();
  const looks = await Promise.all([
    sv72('commit show', ...H),
    sv72('axon show', ...H),
    sv72('axon check', ...H, '--external-ip', '8.8.4.4', '--port', '8095', '--no-connect'),
    sv72('stake list', ...W),
    sv72('status', ...H),
    sv72('natix register', ...H, '--natix-url', natix.url, '--model-repo', 'alice/model', '--wait', '0'),
  ]);
  expect(looks.map(({ json }) => json)).toMatchObject([
    { commitments: [{ text: 'alice/model' }] },
    { hotkeys: [{ announced: { address: '8.8.4.4:8095' } }] },
    { hotkeys: [{ announced: { port: 8_095 }, proved: null }] },
    { positions: [{ netuid: 72 }] },
    { hotkeys: [{ ss58: hotkey.ss58, uid: expect.any(Number) }] },
    { state: 'pending', sent: true },
  ]);
  expect((await sv72('natix status', ...H, '--natix-url', natix.url)).exit).toBe(4);
  await natix.close();

  const sold = await sv72('stake remove', ...H, '--amount', '2', '--max-slippage', '20', '--yes');
  expect(sold.json).toMatchObject({ sold: { rao: '2000000000' }, included: { fee: expect.anything() } });
  const none = await sv72('stake remove', ...H, '--all', '--min-price', '1000', '--yes', '--partial');
  expect(none.json).toMatchObject({ error: { code: 'ERR_STAKE_LIMIT' } });
  await sv72('axon reset', ...H);
  expect((await sv72('axon show', ...H)).json).toMatchObject({ hotkeys: [{ announced: null }] });
});
