import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, box, grey, serve, serveArgs, until } from '../../e2e/box.ts';
import { expectSchema } from '../../support/schema.ts';

const OFFLINE = ['--offline', '--allow-any', '--metrics-port', '0'];

test.each([
  ['nobody may ask', {}, ['--offline'], 'ERR_NO_CALLERS', 1],
  ['nobody may ask on a chain', {}, ['--no-allow-validators', '--no-announce'], 'ERR_NO_CALLERS', 1],
  ['an address nobody can reach', { 'external-ip': '10.1.2.3' }, [], 'ERR_ANNOUNCE_ADDRESS', 2],
  [
    'a chain that is not there',
    { network: 'ws://127.0.0.1:1' },
    ['--metrics-port', '0'],
    'ERR_CHAIN_UNREACHABLE',
    3,
  ],
  ['a wallet that is not there', { 'wallet-name': 'nope' }, OFFLINE, 'ERR_WALLET_NOT_FOUND', 1],
  ['a hotkey that is not there', { hotkey: 'nope' }, OFFLINE, 'ERR_WALLET_NOT_FOUND', 1],
  ['a hotkey named twice', { hotkey: 'hk0,hk0' }, OFFLINE, 'ERR_HOTKEY_TWICE', 1],
  ['a folder that is no bundle', { bundle: '/nowhere' }, OFFLINE, 'ERR_BUNDLE_MISSING', 1],
  ['a list of callers that is not there', { 'allow-file': '/nowhere' }, ['--offline'], 'ERR_CALLERS_FILE', 1],
  ['a port that is no number', { port: 'x' }, OFFLINE, 'ERR_CONFIG_VALUE', 2],
])('%s is refused with the reason', async (_, change, flags, code, exit) => {
  const given = await box();
  const result = await given.sandbox.json([...serveArgs(given, change), ...flags]);
  expectSchema('failure', result.json);
  expect(result.json).toMatchObject({ error: { code } });
  expect(result.exit).toBe(exit);
});

test('a demonstration model is refused on a live network, and served when insisted on', async () => {
  const given = await box({ demo: true });
  const callers = join(given.sandbox.home, 'callers.txt');
  writeFileSync(callers, given.asker.ss58);
  // Nothing answers there: the callers of the file are enough to start with.
  const chain = ['--network', 'wss://127.0.0.9:1', '--fallback-endpoints', 'none', '--no-announce'];
  const live = [...serveArgs(given), '--allow-file', callers, '--no-metrics', ...chain];
  const refused = await given.sandbox.json(live);
  expect(refused.json).toMatchObject({ error: { code: 'ERR_DEMO_MODEL' } });

  const insisted = given.sandbox.start([...live, '--allow-demo-model', '--json']);
  onTestFinished(() => void insisted.kill('SIGKILL'));
  const [line] = await once(insisted.stdout.setEncoding('utf8'), 'data');
  const listening = JSON.parse(String(line).split('\n')[0] ?? '');
  expect(listening).toMatchObject({
    event: 'listening',
    network: 'wss://127.0.0.9:1',
    netuid: 72,
    metrics: null,
  });
  expect(listening.warnings.join(' ')).toContain('not announced');
});

test('a port in use, and a hotkey that is served already', async () => {
  const given = await box();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const taken = await given.sandbox.json([...serveArgs(given, { port: String(port) }), ...OFFLINE]);
  expect(taken.json).toMatchObject({ error: { code: 'ERR_PORT_IN_USE' } });

  const serving = await serve(given);
  const again = await given.sandbox.json([...serveArgs(given), ...OFFLINE]);
  expect(again.json).toMatchObject({
    error: { code: 'ERR_ALREADY_SERVING', details: { pid: serving.child.pid } },
  });
});

test('of two started in the same second, one serves', async () => {
  const given = await box();
  const args = [...serveArgs(given), ...OFFLINE, '--json'];
  const children = [given.sandbox.start(args), given.sandbox.start(args)];
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  const firstWords = await Promise.all(
    children.map(async (child) => {
      let text = '';
      for await (const chunk of child.stdout.setEncoding('utf8')) {
        text += chunk;
        if (text.includes('"listening"')) return 'listening';
      }
      return JSON.parse(text).error.code;
    }),
  );
  expect(firstWords.sort()).toEqual(['ERR_ALREADY_SERVING', 'listening']);
});

test('the list of callers decides, and SIGHUP reads it again', async () => {
  const given = await box();
  const callers = join(given.sandbox.home, 'callers.txt');
  writeFileSync(callers, `${given.hotkeys[0]?.ss58}\n`);
  const serving = await serve(given, ['--no-allow-any', '--allow-file', callers]);
  expect(await ask(given, serving, await grey(1))).toMatchObject({ status: 403, prediction: -1 });
  expect(await serving.next('refused')).toMatchObject({ reason: 'not-permitted' });
  appendFileSync(callers, `nonsense\n${given.asker.ss58} 12.5\n`);
  serving.child.kill('SIGHUP');
  await serving.next('note', ({ message }) => message.includes('line 2'));
  expect(await ask(given, serving, await grey(1))).toMatchObject({ status: 200, isSuccess: true });
});

test('--quiet prints nothing', async () => {
  const given = await box();
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const child = given.sandbox.start([...serveArgs(given, { port: String(port) }), ...OFFLINE, '--quiet']);
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const url = `http://127.0.0.1:${port}/`;
  await until(
    () => fetch(url).catch(() => undefined),
    (response) => response?.status === 404 || child.exitCode !== null,
  );
  child.kill('SIGTERM');
  const [exit] = await once(child, 'close');
  expect({ exit, printed }).toEqual({ exit: 0, printed: '' });
});

test('for people: one status block, then a line for each challenge', async () => {
  const given = await box();
  const child = given.sandbox.start([...serveArgs(given), ...OFFLINE]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text;
    if (printed.includes('\n\n')) child.kill('SIGTERM');
  }
  expect(printed).toMatch(/^sv72 \d.*profile speed/);
  expect(printed).toContain(`hk0  ${given.hotkeys[0]?.ss58}`);
  expect(printed).toMatch(/stopped \(SIGTERM\): 0 answered/);
});
