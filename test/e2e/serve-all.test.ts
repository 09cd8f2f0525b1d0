import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, type Box, box, grey, metric, serveAll } from './box.ts';

function configure({ sandbox, bundle }: Box, miners: readonly object[]): void {
  const settings = {
    wallet: { name: 'w' },
    axon: { host: '127.0.0.1', port: 0 },
    profiles: {
      speed: { bundle },
      accuracy: { bundle, prior: 0.5, stages: [{ name: 'one' }, { name: 'two', tta: 'flip' }] },
    },
    miners,
  };
  const folder = join(sandbox.home, '.config', 'sv72');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sv72.yaml'), JSON.stringify(settings));
}

/** A port that somebody else listens on. */
async function takenPort() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('hotkeys with profiles of their own answer from one process, and a picture is one inference', async () => {
  const given = await box({ hotkeys: 3 });
  configure(given, [
    { hotkey: 'hk0' },
    { hotkey: 'hk1', profile: 'accuracy' },
    { hotkey: 'hk2', profile: 'speed', bundle: given.bundle },
  ]);
  const serving = await serveAll(given);
  const { listening } = serving;
  expect(listening.groups.map(({ profile, hotkeys }) => [profile, ...hotkeys])).toEqual([
    ['speed', 'hk0'],
    ['accuracy', 'hk1'],
    ['speed', 'hk2'],
  ]);
  expect(listening.axons.map(({ name, profile }) => [name, profile])).toEqual([
    ['hk0', 'speed'],
    ['hk1', 'accuracy'],
    ['hk2', 'speed'],
  ]);
  const image = await grey(200);
  const results = await Promise.all(
    listening.axons.map(({ host, port, hotkey }) =>
      ask(given, serving, image, { target: { host, port }, axonHotkey: hotkey }),
    ),
  );
  for (const result of results) expect(result.prediction).toBeCloseTo(200 / 255, 1);
  // The mirror image of the cascade's doubt is another picture.
  expect(await metric(serving, 'sv72_engine_computed_total')).toBeLessThanOrEqual(2);
  for (const { hotkey } of listening.axons) {
    const event = await serving.next('challenge', ({ miner }) => miner === hotkey);
    expect(event.prediction).toBeCloseTo(200 / 255, 1);
    expect(event.name).toBe(listening.axons.find((axon) => axon.hotkey === event.miner)?.name);
  }
  // An order goes to the models of the one that is named, and to none where several could be meant.
  const status = (...miner: string[]) => given.sandbox.json(['deploy', 'status', '-q', ...miner], ours);
  const ours = { env: { SV72_WALLET_NAME: 'w' } };
  const unsaid = await given.sandbox.json(['deploy', 'rollback', '--miner', 'gone'], ours);
  expect(unsaid.json).toMatchObject({ error: { code: 'ERR_WALLET_NOT_FOUND' } });
  expect((await status()).json).toMatchObject({ error: { code: 'ERR_MANY_MINERS' } });
  expect((await status('--miner', 'hk0')).json).toMatchObject({ live: { dir: given.bundle } });
  expect((await status('--miner', 'hk1')).json).toMatchObject({ live: { name: expect.any(String) } });
  serving.child.kill('SIGTERM');
  expect(await serving.next('stopped')).toMatchObject({ answered: 3, failed: 0 });
  expect(await serving.exit).toMatchObject({ exit: 0 });
});

test('a hotkey that cannot be served is named, and the others answer', async () => {
  const given = await box({ hotkeys: 3 });
  const taken = await takenPort();
  configure(given, [
    { hotkey: 'hk0', port: taken },
    { hotkey: 'hk1' },
    { hotkey: 'gone' },
    { hotkey: 'hk2', bundle: '/nowhere' },
  ]);
  const serving = await serveAll(given);
  expect(serving.listening.axons.map(({ name }) => name)).toEqual(['hk1']);
  const warnings = serving.listening.warnings.join('\n');
  expect(warnings).toContain(`"hk0" is not served, and tried again: `);
  expect(warnings).toContain('"gone" is not served: ');
  expect(warnings).toContain('"hk2" is not served, and tried again: ');
  const result = await ask(given, serving, await grey(100));
  expect(result.prediction).toBeCloseTo(100 / 255, 1);
});

test('when none can be served, it ends and says why', async () => {
  const given = await box();
  const taken = await takenPort();
  configure(given, [{ hotkey: 'hk0', port: taken }]);
  const ended = await given.sandbox.run([
    ...['serve', '--all', '--offline', '--allow-any', '--metrics-port', '0', '--json'],
  ]);
  expect(ended.exit).toBe(1);
  expect(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({
    error: { code: 'ERR_PORT_IN_USE' },
  });
});
