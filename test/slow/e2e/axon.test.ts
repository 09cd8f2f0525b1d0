import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import { type Box, box } from '../../e2e/box.ts';
import { finished } from '../../support/cli.ts';
import { type Devchain, type DevchainOptions, startDevchain } from '../../support/devchain/index.ts';
import { expectSchema } from '../../support/schema.ts';

const MINER = keypairFromUri('//Dave//hot');
const KEY = `0x${Buffer.from(MINER.publicKey).toString('hex')}`;

async function chain(options: DevchainOptions = {}): Promise<Devchain> {
  const dev = await startDevchain({ slotMs: 'instant', ...options });
  onTestFinished(() => dev.close());
  return dev;
}

async function axon(given: Box, dev: Devchain, command: string, flags: readonly string[] = []) {
  const where = ['--network', dev.endpoint, '--wallet-name', 'w', '--hotkey', 'hk0'];
  const result = await given.sandbox.json(['axon', command, ...where, ...flags]);
  expectSchema(
    result.json && typeof result.json === 'object' && 'error' in result.json ? 'failure' : `axon ${command}`,
    result.json,
  );
  return result;
}

const axonOf = (dev: Devchain) => dev.world.subnets.get(72)?.axons.get(KEY);

test.each(['spec424', 'newer', 'old'] as const)(
  'an address is announced once, shown, and taken back (%s)',
  async (variant) => {
    const dev = await chain({ variant });
    const given = await box({ keys: [MINER] });
    const ours = ['--external-ip', '2a00:1450:4001:80f::200e', '--port', '8095'];
    const checked = await axon(given, dev, 'set', [...ours, '--dry-run']);
    expect(checked.json).toMatchObject({
      announcements: [{ result: 'valid', fee: { rao: '0' }, block: null }],
    });
    expect(axonOf(dev)).toMatchObject({ port: 8_005 });

    const first = await axon(given, dev, 'set', [...ours, '--prometheus-port', '9100']);
    expect(first.json).toMatchObject({
      announcements: [
        { kind: 'axon', result: 'announced', address: '[2a00:1450:4001:80f::200e]:8095', fee: { rao: '0' } },
        { kind: 'prometheus', result: 'announced' },
      ],
    });
    expect(axonOf(dev)).toMatchObject({
      ip: 0x2a00_1450_4001_080f_0000_0000_0000_200en,
      ip_type: 6,
      port: 8_095,
      version: 1_000,
      protocol: 4,
    });
    const again = await axon(given, dev, 'set', ours);
    expect(again.json).toMatchObject({ announcements: [{ result: 'unchanged' }] });

    const early = await axon(given, dev, 'reset');
    expect(early).toMatchObject({ exit: 1, json: { error: { code: 'ERR_SERVING_RATE' } } });
    dev.mine(50);
    await axon(given, dev, 'reset');
    expect(axonOf(dev)).toMatchObject({ ip: 0n, port: 1 });
    const shown = await axon(given, dev, 'show');
    expect(shown.json).toMatchObject({
      serving_rate_limit: 50,
      hotkeys: [{ uid: 5, announced: null, prometheus: { port: 9_100 } }],
    });
  },
  120_000,
);

test('--wait counts the blocks down and announces then', async () => {
  const dev = await chain();
  const given = await box({ keys: [MINER] });
  await axon(given, dev, 'set', ['--external-ip', '8.8.4.4']);
  const where = ['--network', dev.endpoint, '--wallet-name', 'w', '--hotkey', 'hk0'];
  const child = given.sandbox.start(['axon', 'set', ...where, '--external-ip', '8.8.4.5', '--wait']);
  const ended = finished(child);
  // Blocks come once it waits, as many as it waits for: more would outlive the transaction on a slow machine.
  let mining: NodeJS.Timeout | undefined;
  let left = 50;
  child.stderr.on('data', (text: string) => {
    if (!text.includes('takes another')) return;
    mining ??= setInterval(() => {
      if (left > 0) dev.mine(5);
      left -= 5;
    }, 50);
  });
  const { exit, stderr, stdout } = await ended;
  clearInterval(mining);
  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining('8.8.4.5:8091, free') });
  expect(stderr).toMatch(/takes another announcement in \d+ blocks/);
  expect(axonOf(dev)).toMatchObject({ ip: 0x08080405n });
}, 120_000);

test('a hotkey without UID, and addresses that nobody can reach, are refused before anything is sent', async () => {
  const dev = await chain();
  const given = await box();
  const unregistered = await axon(given, dev, 'set', ['--external-ip', '8.8.8.8']);
  expect(unregistered.json).toMatchObject({ error: { code: 'ERR_NOT_REGISTERED' } });
  for (const address of [
    '192.168.0.4',
    '100.64.1.1',
    '127.0.0.1',
    'fe80::1',
    '203.0.113.7',
    '::ffff:10.0.0.1',
    'miner.example',
  ]) {
    const { json } = await axon(given, dev, 'set', ['--external-ip', address]);
    expect(json).toMatchObject({ error: { code: 'ERR_ANNOUNCE_ADDRESS' } });
  }
  expect(dev.submitted).toEqual([]);
}, 120_000);

test('check says what disagrees, what mends it, and what a connection from here proves', async () => {
  const dev = await chain();
  const given = await box({ keys: [MINER] });
  await axon(given, dev, 'set', ['--external-ip', '127.0.0.2', '--port', '1', '--force-announce']);
  const checked = await axon(given, dev, 'check', ['--external-ip', '8.8.8.8', '--port', '8099']);
  expect(checked.exit).toBe(20);
  expect(checked.json).toMatchObject({
    status: 'failed',
    hotkeys: [
      {
        listening: null,
        findings: [
          {
            status: 'failed',
            sentence: expect.stringContaining('cannot be reached from everywhere (loopback)'),
          },
          { status: 'failed', sentence: expect.stringContaining('by the settings it is at 8.8.8.8:8099') },
          { status: 'warning', sentence: expect.stringContaining('No miner of "hk0" runs') },
        ],
        proved: expect.stringMatching(/ECONNREFUSED.*challenges that arrive are the proof/),
      },
    ],
  });
}, 120_000);

test('the doctor tells within five seconds that the subnet pays and where the axon is', async () => {
  const dev = await chain();
  const given = await box({ keys: [MINER] });
  const where = ['--network', dev.endpoint, '--wallet-name', 'w', '--hotkey', 'hk0'];
  const { json } = await given.sandbox.json([
    'doctor',
    ...where,
    '--only',
    'paying,registration,axon,endpoint',
  ]);
  expectSchema('doctor', json);
  expect(json).toHaveProperty(
    'checks',
    expect.arrayContaining([
      expect.objectContaining({ id: 'paying', status: 'ok' }),
      expect.objectContaining({ id: 'registration', status: 'ok' }),
      expect.objectContaining({
        id: 'axon',
        status: 'failed',
        sentence: expect.stringContaining('198.51.100.5:8005'),
      }),
    ]),
  );
}, 60_000);

test('each of several miners is announced on its own port, and none unasked', async () => {
  const dev = await chain();
  const other = keypairFromUri('//Eve//hot');
  const given = await box({ keys: [MINER, other] });
  const folder = join(given.sandbox.home, '.config', 'sv72');
  mkdirSync(folder, { recursive: true });
  const miners = [{ hotkey: 'hk1' }, { hotkey: 'hk0', profile: 'accuracy', port: 8_101 }];
  const profiles = { accuracy: { bundle: '/no/such', stages: [{ name: 'own', bundle: 'demo' }] } };
  writeFileSync(join(folder, 'sv72.yaml'), JSON.stringify({ wallet: { name: 'w' }, profiles, miners }));
  const where = ['--network', dev.endpoint, '--external-ip', '8.8.8.8'];
  const unasked = await given.sandbox.json(['axon', 'set', ...where]);
  expect(unasked).toMatchObject({ exit: 2, json: { error: { code: 'ERR_USAGE' } } });
  const named = await given.sandbox.json(['axon', 'set', ...where, '--hotkey', 'hk0']);
  expect(named.json).toMatchObject({ announcements: [{ name: 'hk0', address: '8.8.8.8:8101' }] });
  expect(axonOf(dev)).toMatchObject({ port: 8_101 });

  const shown = await given.sandbox.json(['axon', 'show', '--network', dev.endpoint]);
  expect(shown.json).toMatchObject({ hotkeys: [{ name: 'hk1' }, { name: 'hk0' }] });
  const checked = await given.sandbox.json(['axon', 'check', ...where, '--no-connect']);
  expect(checked.json).toMatchObject({
    hotkeys: [{ name: 'hk1' }, { name: 'hk0', findings: [{ status: 'warning', fix: 'sv72 serve --all' }] }],
  });
  const status = await given.sandbox.json(['status', ...where.slice(0, 2)]);
  expectSchema('status', status.json);
  expect(status.json).toMatchObject({
    hotkeys: [
      { name: 'hk1', profile: 'speed', expected_axon: '?:8091', model: { name: 'demo-roadwork' } },
      {
        name: 'hk0',
        profile: 'accuracy',
        expected_axon: '?:8101',
        axon_matches: null,
        model: { name: 'demo-roadwork' },
      },
    ],
  });
  const one = await given.sandbox.json(['status', ...where.slice(0, 2), '-H', 'hk0']);
  expect(one.json).toMatchObject({ hotkeys: [{ name: 'hk0', expected_axon: '?:8101' }] });
  expect((one.json as { hotkeys: object[] }).hotkeys).toHaveLength(1);
});
