import { expect, onTestFinished, test } from 'vitest';
import { ask, box, grey, serve, serveArgs } from '../../e2e/box.ts';
import { type ChatOptions, ChatServer } from '../../support/openai/server.ts';

async function double(options: ChatOptions = {}): Promise<ChatServer> {
  const server = await ChatServer.start(options);
  onTestFinished(() => server.close());
  return server;
}

test('a chat model answers: its name, its probability, its health', async () => {
  const server = await double();
  const given = await box();
  const serving = await serve(given, ['--engine', 'openai', '--server-url', server.url]);
  expect(serving.listening).toMatchObject({
    bundle: { name: 'vlm', version: '-' },
    engine: { name: `chat model at ${server.url}`, device: 'server', precision: 'unknown', variant: 'chat' },
  });
  expect(await ask(given, serving, await grey(204))).toMatchObject({ prediction: expect.closeTo(0.8, 2) });
  expect(server.complaints).toEqual([]);
  const { metrics } = serving.listening;
  const scraped = await fetch(`http://${metrics?.host}:${metrics?.port}/metrics`).then((r) => r.text());
  expect(scraped).toContain(`sv72_server_up{server="${server.url}",model="vlm"} 1`);
  expect(scraped).toContain(`sv72_server_requests_total{server="${server.url}",model="vlm"} 2`);

  server.mode = 'error';
  expect(await ask(given, serving, await grey(10))).toMatchObject({ prediction: 0.5 });
  serving.child.kill('SIGTERM');
  expect((await serving.exit).exit).toBe(0);
});

test('no consent, no budget, no model: one sentence each', async () => {
  const given = await box();
  const refused = async (url: string, env: Record<string, string> = {}) => {
    const flags = ['--offline', '--allow-any', '--engine', 'openai', '--server-url', url];
    return (await given.sandbox.json([...serveArgs(given), ...flags], { env })).json;
  };
  const elsewhere = 'https://192.0.2.1/v1';
  expect(await refused(elsewhere)).toMatchObject({ error: { code: 'ERR_SERVER_CONSENT' } });
  const remote = { SV72_PROFILES_SPEED_SERVER_REMOTE: 'true' };
  expect(await refused(elsewhere, remote)).toMatchObject({ error: { code: 'ERR_SERVER_BUDGET' } });
  const server = await double({ models: ['a', 'b'] });
  expect(await refused(server.url)).toMatchObject({
    error: { code: 'ERR_SERVER_MODEL', message: expect.stringContaining('it has a, b') },
  });
});
