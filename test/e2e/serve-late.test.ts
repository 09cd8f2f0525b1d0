import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ChatServer } from '../support/openai/server.ts';
import { ask, box, grey, serve } from './box.ts';

test('a stage whose server is not there at the start costs no start, and joins when it comes', async () => {
  const given = await box();
  const first = await ChatServer.start();
  const { port, url } = first;
  await first.close();
  const folder = join(given.sandbox.home, '.config', 'sv72');
  mkdirSync(folder, { recursive: true });
  const vlm = { name: 'vlm', engine: 'openai', server: { url, model: 'vlm', ready_s: 1 } };
  const profiles = { speed: { stages: [{ name: 'fast', bundle: given.bundle }, vlm] } };
  writeFileSync(join(folder, 'sv72.yaml'), JSON.stringify({ profiles }));

  const serving = await serve(given);
  const missing = await serving.next('note', ({ message }) => message.includes('stage vlm'));
  expect(missing.message).toContain(`The inference server ${url} of the stage vlm does not answer (`);
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
