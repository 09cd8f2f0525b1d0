import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, type Box, box, grey, serve, serveAll, serveArgs } from '../../e2e/box.ts';
import { ChatServer } from '../../support/openai/server.ts';

function configure({ sandbox }: Box, settings: object): void {
  const folder = join(sandbox.home, '.config', 'sv72');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sv72.yaml'), JSON.stringify(settings));
}

test('a stage whose server is not there at the start costs no start, and joins when it comes', async () => {
  const given = await box();
  const first = await ChatServer.start();
  const { port, url } = first;
  await first.close();
  const vlm = { name: 'vlm', engine: 'openai', server: { url, model: 'vlm', ready_s: 1 } };
  configure(given, { profiles: { speed: { stages: [{ name: 'fast', bundle: given.bundle }, vlm] } } });

  const serving = await serve(given);
  const missing = await serving.next('note', ({ message }) => message.includes('stage vlm'));
  expect(missing.message).toContain(
    `The inference server ${url} of the stage vlm does not answer (the connection failed`,
  );
  expect(await ask(given, serving, await grey(150))).toMatchObject({
    prediction: expect.closeTo(150 / 255, 1),
  });

  const server = await ChatServer.start({ port });
  onTestFinished(() => server.close());
  let shade = 151;
  while (server.heard.length < 2) await ask(given, serving, await grey(shade++ % 250));
  const back = await serving.next('note', ({ message }) => message.includes('answers again'));
  expect(back.message).toBe(`The inference server ${url} of the stage vlm answers again.`);
  serving.child.kill('SIGTERM');
  expect((await serving.exit).exit).toBe(0);
});

test('servers that cannot be started keep nobody from answering who can', async () => {
  const given = await box({ hotkeys: 2 });
  const gone = await ChatServer.start();
  const { url } = gone;
  await gone.close();
  // Needs a GPU; and where there is one, there is no such image.
  const container = { image: 'localhost:1/nothing:1', weights: 'Qwen/Qwen3-VL-4B-Instruct' };
  const vlm = { name: 'vlm', engine: 'openai', server: { url, model: 'vlm', ready_s: 1, container } };
  const fast = { name: 'fast', bundle: given.bundle };
  configure(given, {
    wallet: { name: 'w' },
    axon: { host: '127.0.0.1', port: 0 },
    profiles: {
      speed: { launch: 'auto', stages: [vlm] },
      accuracy: { launch: 'auto', stages: [fast, vlm] },
    },
    miners: [
      { hotkey: 'hk0', profile: 'speed' },
      { hotkey: 'hk1', profile: 'accuracy' },
    ],
  });
  const only = await given.sandbox.json([...serveArgs(given), '--offline', '--allow-any']);
  expect(only.json).toMatchObject({ error: { code: expect.stringMatching(/^ERR_SERVING_/) } });

  const serving = await serveAll(given);
  expect(serving.listening.axons.map(({ name }) => name)).toEqual(['hk1']);
  expect(serving.listening.warnings.join('\n')).toContain('"hk0" is not served, and tried again');
  expect(await ask(given, serving, await grey(150))).toMatchObject({
    prediction: expect.closeTo(150 / 255, 1),
  });
  serving.child.kill('SIGTERM');
  const { exit, stderr } = await serving.exit;
  expect(exit).toBe(0);
  expect(stderr).toContain(
    'the servers of the profile accuracy were not started, and its other stages answer',
  );
});
