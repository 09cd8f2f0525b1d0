import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installLine } from '../../../src/chain/rehearse/installation.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import { Sandbox } from '../../support/cli.ts';
import { type Devchain, startDevchain } from '../../support/devchain/index.ts';
import { expectSchema } from '../../support/schema.ts';
import { installedFolder } from './installed.ts';

const alice = keypairFromUri('//Alice').ss58;
const hotkey = keypairFromUri('//Alice//new').ss58;

let dev: Devchain;
let box: Sandbox;
let register: readonly string[];
beforeAll(async () => {
  dev = await startDevchain();
  dev.mine(3);
  box = new Sandbox();
  // The public half alone: neither the coldkey nor a password is on this machine.
  await box.run(['wallet', 'regen-coldkeypub', '-w', 'main', '--ss58', alice]);
  register = ['register', '--rehearse', '-w', 'main', '--hotkey-address', hotkey];
});
afterAll(async () => {
  box.remove();
  await dev.close();
});

it('says the one line that installs what it needs, before it connects', async () => {
  const folder = join(box.home, '.local/share/sv72/rehearse');
  const { exit, stderr } = await box.run([...register, '--network', 'ws://127.0.0.1:1']);
  expect(exit).toBe(1);
  expect(stderr).toContain(installLine(folder));
});

it('rehearses without the coldkey: UID, events, and the balance before and after', async () => {
  const data = join(box.home, 'data');
  mkdirSync(data);
  symlinkSync(await installedFolder(), join(data, 'rehearse'));
  const env = { SV72_DATA_DIR: data, SV72_NETWORK: dev.endpoint };
  const good = await box.json([...register, '--max-price', '0.2'], { env });
  expectSchema('register', good.json);
  expect(good.exit).toBe(0);
  expect(good.json).toMatchObject({
    outcome: 'rehearsed',
    rehearsal: {
      calls: [{ hotkey, uid: expect.any(Number), failure: null }],
      balances: [{ address: alice, before: { text: 'τ 1000.0' } }],
    },
  });

  const bad = await box.json([...register, '--max-price', '0.000001'], { env });
  expectSchema('register', bad.json);
  expect(bad.exit).toBe(1);
  expect(bad.json).toMatchObject({
    rehearsal: { calls: [{ uid: null, failure: { name: 'RegistrationPriceLimitExceeded' } }] },
  });
  expect(dev.submitted).toEqual([]);
});
