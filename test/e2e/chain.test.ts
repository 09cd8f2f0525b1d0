import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { keyPaths, keypairFromSeed, keypairFromUri, saveKeys } from '../../src/wallet/index.ts';
import { Sandbox } from '../support/cli.ts';
import { type Devchain, startDevchain } from '../support/devchain/index.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { expectSchema } from '../support/schema.ts';
import { askAs, grey, box as minerBox, serveWith } from './box.ts';

// What is quick of the commands that need a chain; the whole story and every turn of it are in test/slow/e2e.

let dev: Devchain;
let box: Sandbox;
const root = () => join(box.home, '.bittensor', 'wallets');
const receiver = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

beforeAll(async () => {
  dev = await startDevchain({ slotMs: 'instant' });
  box = new Sandbox();
  await saveKeys([{ location: { root: root(), wallet: 'w' }, keypair: keypairFromUri('//Alice') }]);
});
afterAll(async () => {
  box.remove();
  await dev.close();
});

const W = ['-w', 'w'];

/** `sv72 … --json` on the chain, checked against its schema. */
async function sv72(id: string, ...args: string[]) {
  const { exit, json } = await box.json([...id.split(' '), '--network', dev.endpoint, ...args]);
  expectSchema(id, json);
  return { exit, json };
}

test('the subnet is looked at', async () => {
  const [paying, subnet, metagraph, csv] = await Promise.all([
    sv72('paying'),
    sv72('subnet show'),
    sv72('metagraph', '--sort=-uid', '--filter', 'uid<3'),
    box.run(['metagraph', '--network', dev.endpoint, '--csv', '--columns', 'uid,role']),
  ]);
  expect(paying).toMatchObject({ exit: 0, json: { verdict: 'pays' } });
  expect(subnet.json).toMatchObject({ netuid: 72, hyperparameters: expect.arrayContaining([]) });
  expect(metagraph.json).toMatchObject({ neurons: [{ uid: 2 }, { uid: 1 }, { uid: 0 }] });
  expect(csv.stdout).toMatch(/^uid,role\n0,\w+\n/);
});

test('money is moved, and another key may register', async () => {
  const moved = await sv72('transfer', ...W, '--to', receiver, '--amount', '0.25', '--yes');
  expect(moved.json).toMatchObject({ included: { block: expect.any(Number) } });
  expect((await sv72('proxy add', ...W, '--delegate', receiver, '--yes')).exit).toBe(0);
  const [balance, proxies] = await Promise.all([sv72('balance', ...W), sv72('proxy list', ...W)]);
  expect(balance.json).toMatchObject({ accounts: [{ name: 'w' }] });
  expect(proxies.json).toMatchObject({ proxies: [{ delegate: receiver, type: 'Registration' }] });
  const removed = await sv72('proxy remove', ...W, '--delegate', receiver, '--yes');
  expect(removed.json).toMatchObject({ deposit_after: { rao: '0' } });
}, 60_000);

test('an endless look that fails says so in one line of JSON', async () => {
  const gone = await startDevchain({ slotMs: 'instant' });
  await gone.close();
  const { stdout, exit } = await box.run(['paying', '--watch', '--json', '--network', gone.endpoint]);
  expect(exit).toBe(3);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_CHAIN_UNREACHABLE' } });
});

test('what can be known before connecting is said before connecting', async () => {
  const nowhere = ['--network', 'ws://127.0.0.1:9', '--json'];
  const all = [
    ['metagraph', '--sort', 'weight'],
    ['metagraph', '--filter', 'uid>x'],
    ['metagraph', '--columns', 'uid,nothing'],
    ['metagraph', '--csv'],
    ['axon', 'show', ...W, '-H', 'nobody'],
  ];
  const codes = await Promise.all(
    all.map(async (args) => JSON.parse((await box.run([...args, ...nowhere])).stdout).error.code),
  );
  expect(codes).toEqual([...Array(4).fill('ERR_USAGE'), 'ERR_WALLET_NOT_FOUND']);
});

test('a listed hotkey without its file is named, the others are looked at, and none is announced', async () => {
  const given = new Sandbox();
  onTestFinished(() => given.remove());
  const location = { root: join(given.home, '.bittensor', 'wallets'), wallet: 'w', hotkey: 'hk1' };
  await saveKeys([{ location, keypair: keypairFromUri('//Dave//hot') }]);
  const config = join(given.home, 'miners.yaml');
  const miners = ['gone', 'hk1', 'away'].map((hotkey) => ({ hotkey }));
  writeFileSync(config, JSON.stringify({ wallet: { name: 'w' }, miners }));
  const where = ['--network', dev.endpoint, '--config', config];
  const looked = { hotkeys: [{ name: 'hk1' }], missing: [{ name: 'gone' }, { name: 'away' }] };
  const shown = await given.json(['axon', 'show', ...where]);
  expectSchema('axon show', shown.json);
  expect(shown).toMatchObject({ exit: 1, json: looked });
  const checked = await given.json(['axon', 'check', '--no-connect', ...where]);
  expectSchema('axon check', checked.json);
  expect(checked).toMatchObject({ exit: 20, json: { status: 'failed', ...looked } });
  const { stdout } = await given.run(['axon', 'check', '--no-connect', ...where]);
  expect(stdout).toMatch(/FAILED .*"gone"(.|\n)*→ .*hk1/);
  const before = dev.submitted.length;
  const all = ['--all', '--yes', ...where];
  const sent = await given.json(['axon', 'set', '--external-ip', '8.8.4.4', ...all]);
  expect(sent).toMatchObject({ exit: 1, json: { error: { code: 'ERR_WALLET_NOT_FOUND' } } });
  expect(JSON.stringify(sent.json)).toContain('gone, away');
  // An address without its key cannot sign.
  const hidden = { ...location, hotkey: 'pub' };
  await saveKeys([{ location: hidden, keypair: keypairFromUri('//Eve//hot') }]);
  rmSync(keyPaths(hidden).privateFile);
  const both = ['hk1', 'pub'].map((hotkey) => ({ hotkey }));
  writeFileSync(config, JSON.stringify({ wallet: { name: 'w' }, miners: both }));
  const reset = await given.json(['axon', 'reset', ...all]);
  expect(reset).toMatchObject({ exit: 1, json: { error: { code: 'ERR_WALLET_NOT_FOUND' } } });
  expect(dev.submitted).toHaveLength(before);
}, 60_000);

test('serve announces itself and answers the subnet’s validators, and nobody else', async () => {
  // Nobody else on this machine serves it.
  const miner = keypairFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const key = `0x${Buffer.from(miner.publicKey).toString('hex')}` as const;
  const neurons = dev.world.subnets.get(72)?.neurons ?? [];
  const fifth = neurons[5];
  if (fifth === undefined) throw new Error('there is no UID 5');
  neurons[5] = { ...fifth, hotkey: key };
  dev.world.owners.set(key, keyOf('//Alice'));
  dev.mine();
  const given = await minerBox({ keys: [miner] });
  const serving = await serveWith(given, ['--network', dev.endpoint, '--external-ip', '8.8.4.4']);
  expect(serving.listening.axons[0]).toMatchObject({ uid: 5, announced: null });
  await serving.next('note', ({ message }) => message.startsWith('Announced 8.8.4.4'));
  const image = await grey(200);
  const validator = keypairFromUri('//Validator//1//hot');
  expect(await askAs(validator, serving, image)).toMatchObject({ status: 200, isSuccess: true });
  expect(await askAs(given.asker, serving, image)).toMatchObject({ status: 403 });
  serving.child.kill('SIGTERM');
  await serving.exit;
}, 60_000);
