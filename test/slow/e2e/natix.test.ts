import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keypairFromUri, saveKeys } from '../../../src/wallet/index.ts';
import { Sandbox } from '../../support/cli.ts';
import { type Devchain, startDevchain } from '../../support/devchain/index.ts';
import { type NatixDouble, startNatixDouble } from '../../support/natix/server.ts';
import { expectSchema } from '../../support/schema.ts';

let devchain: Devchain;
let natix: NatixDouble;
let box: Sandbox;

beforeAll(async () => {
  devchain = await startDevchain({ slotMs: 'instant' });
});
afterAll(async () => await devchain.close());
beforeEach(async () => {
  natix = await startNatixDouble();
  box = new Sandbox();
  const root = join(box.home, '.bittensor', 'wallets');
  await saveKeys([
    { location: { root, wallet: 'dave' }, keypair: keypairFromUri('//Dave') },
    { location: { root, wallet: 'dave', hotkey: 'hot' }, keypair: keypairFromUri('//Dave//hot') },
    { location: { root, wallet: 'dave', hotkey: 'none' }, keypair: keypairFromUri('//Dave//none') },
  ]);
});
afterEach(async () => {
  await natix.close();
  box.remove();
});

async function sv72(id: string, ...args: string[]) {
  const where = ['--network', devchain.endpoint, '--natix-url', natix.url, '-w', 'dave'];
  const { exit, json } = await box.json([...id.split(' '), ...where, ...args]);
  const object = json as Record<string, unknown>;
  expectSchema(typeof object.error === 'object' && object.error !== null ? 'failure' : id, object);
  return { exit, json: object };
}

test('pending is its own exit code, and the next run goes on waiting without sending again', async () => {
  const args = ['-H', 'hot', '--model-repo', 'user/model', '--wait', '0'];
  const first = await sv72('natix register', ...args);
  expect(first).toMatchObject({ exit: 4, json: { uid: 5, state: 'pending', sent: true } });
  expect(await sv72('natix status', '-H', 'hot')).toMatchObject({
    exit: 4,
    json: { state: 'pending', own: true },
  });
  natix.script.push('success');
  expect(await sv72('natix register', ...args)).toMatchObject({
    exit: 0,
    json: { state: 'succeeded', sent: false },
  });
  expect(await sv72('natix status', '-H', 'hot')).toMatchObject({ exit: 0 });
  expect(natix.accepted).toHaveLength(1);
});

test('a hotkey without a UID has nothing to register', async () => {
  const { exit, json } = await sv72('natix register', '-H', 'none', '--model-repo', 'user/model');
  expect(json).toMatchObject({ error: { code: 'ERR_NOT_REGISTERED' } });
  expect(exit).toBe(1);
});

test('nothing that goes wrong at NATIX is a failure of the registration', async () => {
  natix.misbehave = { status: 503, body: 'closed' };
  const args = ['-H', 'none', '--max-price', '0.5', '--yes', '--natix', '--model-repo', 'user/model'];
  const { exit, json } = await sv72('register', ...args);
  expect(json).toMatchObject({ outcome: 'registered', natix: [{ state: 'unreachable' }] });
  expect(exit).toBe(0);
});
