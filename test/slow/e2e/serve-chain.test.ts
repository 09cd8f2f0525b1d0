import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { keypairFromSeed, keypairFromUri } from '../../../src/wallet/index.ts';
import { askAs, type Box, box, grey, metric, type Serving, serveWith, until } from '../../e2e/box.ts';
import { type Devchain, type DevchainOptions, startDevchain } from '../../support/devchain/index.ts';

/** Nobody else on this machine serves it. */
const MINER = keypairFromSeed(randomBytes(32));
const VALIDATOR = keypairFromUri('//Validator//1//hot');
const KEY = `0x${Buffer.from(MINER.publicKey).toString('hex')}`;

async function chain(options: DevchainOptions = {}): Promise<Devchain> {
  const dev = await startDevchain({ slotMs: 'instant', ...options });
  onTestFinished(() => dev.close());
  // UID 5 is ours from the start, with the axon that it has announced.
  const subnet = subnetOf(dev);
  const neuron = subnet.neurons[5];
  if (neuron === undefined) throw new Error('there is no UID 5');
  subnet.neurons[5] = { ...neuron, hotkey: KEY };
  dev.world.owners.set(KEY, dev.world.owners.get(neuron.hotkey) ?? neuron.hotkey);
  const axon = subnet.axons.get(neuron.hotkey);
  if (axon !== undefined) subnet.axons.set(KEY, axon);
  dev.mine();
  return dev;
}

/** A miner that looks at the chain every second, and announces 8.8.4.4:40091. */
async function onChain(given: Box, dev: Devchain, port = '40091'): Promise<Serving> {
  return await serveWith(given, [
    ...['--network', dev.endpoint, '--fallback-endpoints', 'none', '--chain-timeout', '5'],
    ...['--external-ip', '8.8.4.4', '--external-port', port],
  ]);
}

const subnetOf = (dev: Devchain) =>
  dev.world.subnets.get(72) as NonNullable<ReturnType<typeof dev.world.subnets.get>>;
const axonOf = (dev: Devchain) => subnetOf(dev).axons.get(KEY);
const announcements = (dev: Devchain) =>
  dev.submitted.filter(({ extrinsic }) => extrinsic?.call.name === 'serve_axon').length;

async function chainBox(): Promise<Box> {
  const given = await box({ keys: [MINER] });
  await given.sandbox.run(['config', 'set', 'chain.refresh_s', '1']);
  return given;
}

async function stop(serving: Serving): Promise<void> {
  serving.child.kill('SIGTERM');
  await serving.exit;
}

test('validators are answered and others not, and it is announced once; an outage changes nothing', async () => {
  const dev = await chain();
  const given = await chainBox();
  const first = await onChain(given, dev);
  expect(first.listening.axons[0]).toMatchObject({ uid: 5, announced: '198.51.100.5:8005' });
  expect(first.listening.callers).toMatch(/^\d+ of the subnet \(block 5000001\)$/);
  expect((await first.next('note', ({ message }) => message.startsWith('Announced'))).message).toMatch(
    /^Announced 8\.8\.4\.4:40091 for "hk0" in block \d+, free\.$/,
  );
  expect(axonOf(dev)).toMatchObject({
    ip: 0x08080404n,
    ip_type: 4,
    port: 40_091,
    version: 1_000,
    protocol: 4,
  });
  expect(await askAs(VALIDATOR, first, await grey(200))).toMatchObject({ status: 200, isSuccess: true });
  expect(await askAs(given.asker, first, await grey(200))).toMatchObject({ status: 403, prediction: -1 });
  expect(await metric(first, `sv72_registered{miner="${MINER.ss58}"}`)).toBe(1);

  for (const endpoint of dev.endpoints) await endpoint.close();
  await first.next('note', ({ message }) => message.startsWith('The chain could not be read'));
  expect(await metric(first, 'sv72_chain_up')).toBe(0);
  expect(await askAs(VALIDATOR, first, await grey(90))).toMatchObject({ status: 200, isSuccess: true });
  await stop(first);

  // Nobody answers at all now: the kept list is used.
  const second = await onChain(given, dev);
  expect(second.listening.callers).toContain('kept from earlier');
  expect(second.listening.axons[0]).toMatchObject({ uid: 5, announced: null });
  const kept = await second.next('note', ({ message }) => message.includes('kept from block'));
  expect(kept).toMatchObject({ level: 'warning' });
  expect(await askAs(VALIDATOR, second, await grey(91))).toMatchObject({ status: 200, isSuccess: true });
  expect(await askAs(given.asker, second, await grey(91))).toMatchObject({ status: 403 });
  await stop(second);
}, 120_000);

test('a second start announces nothing; another address waits for the rate limit', async () => {
  const dev = await chain();
  const given = await chainBox();
  const first = await onChain(given, dev);
  await first.next('note', ({ message }) => message.startsWith('Announced'));
  await stop(first);
  const second = await onChain(given, dev);
  expect(second.listening.axons[0]).toMatchObject({ announced: '8.8.4.4:40091' });
  await stop(second);
  expect(announcements(dev)).toBe(1);

  const third = await onChain(given, dev, '40092');
  const wait = await third.next('note', ({ message }) => message.includes('in 49 blocks'));
  expect(wait.message).toContain('The chain has 8.8.4.4:40091');
  dev.mine(49);
  await third.next('note', ({ message }) => message.startsWith('Announced 8.8.4.4:40092'));
  expect(announcements(dev)).toBe(2);
  await stop(third);
}, 120_000);

test('a lost UID is said loudly, and one that comes back is announced again', async () => {
  const dev = await chain();
  const given = await chainBox();
  const serving = await onChain(given, dev);
  await serving.next('note', ({ message }) => message.startsWith('Announced'));
  const subnet = subnetOf(dev);
  const neuron = subnet.neurons[5];
  if (neuron === undefined) throw new Error('the miner has no UID');
  // As a registration that pushes it out does.
  subnet.neurons[5] = { ...neuron, hotkey: `0x${'77'.repeat(32)}` };
  subnet.axons.delete(KEY);
  dev.mine();
  const lost = await serving.next('note', ({ level }) => level === 'error');
  expect(lost.message).toContain('"hk0"');
  expect(lost.message).toContain('HAS LOST UID 5');
  expect(await metric(serving, `sv72_registered{miner="${MINER.ss58}"}`)).toBe(0);
  const { host, port } = serving.listening.metrics ?? { host: '', port: 0 };
  expect(await (await fetch(`http://${host}:${port}/readyz`)).json()).toMatchObject({
    ready: true,
    warnings: ['"hk0" has no UID on the subnet'],
  });

  subnet.neurons[9] = { ...neuron };
  dev.mine();
  expect((await serving.next('note', ({ message }) => message.includes('has UID 9'))).level).toBe('info');
  await serving.next('note', ({ message }) => message.startsWith('Announced 8.8.4.4:40091'));
  await until(
    () => metric(serving, `sv72_uid{miner="${MINER.ss58}"}`),
    (uid) => uid === 9,
  );
  await stop(serving);
}, 120_000);

test('on a subnet that pays nobody it says so, and serves', async () => {
  const dev = await chain({ scenario: 'halted' });
  const given = await chainBox();
  const serving = await onChain(given, dev);
  const said = await serving.next('note', ({ message }) => message.includes('pays no miner'));
  expect(said.level).toBe('warning');
  expect(await metric(serving, 'sv72_subnet_pays')).toBe(0);
  await stop(serving);
}, 60_000);
