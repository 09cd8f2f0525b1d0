import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Breaker } from '../../../../src/inference/engines/server/breaker.ts';
import { ServerClient } from '../../../../src/inference/engines/server/client.ts';
import { mergeHealth } from '../../../../src/inference/engines/server/health.ts';
import { ChatServer } from '../../../support/openai/server.ts';

async function double(port?: number): Promise<ChatServer> {
  const server = await ChatServer.start(port === undefined ? {} : { port });
  onTestFinished(() => server.close());
  return server;
}

const question = (leftMs = 2_000) => ({ path: '/models', headers: {}, body: '{}', leftMs });

test('the breaker: closed, open, one try, and closed again', () => {
  let now = 0;
  const breaker = new Breaker(() => now);
  const fail = () => {
    expect(breaker.refuse()).toBeUndefined();
    breaker.failed('HTTP 500');
  };
  for (let i = 0; i < 4; i += 1) fail();
  expect(breaker.state).toBe('open');
  expect(breaker.refuse()).toBe('not asked, it keeps failing (HTTP 500)');
  now += 500;
  fail();
  now += 999;
  expect(breaker.refuse()).toBeDefined();
  now += 1;
  expect(breaker.refuse()).toBeUndefined();
  expect(breaker.state).toBe('half-open');
  expect(breaker.refuse()).toBeDefined();
  breaker.succeeded();
  expect(breaker.state).toBe('closed');
  for (let i = 0; i < 4; i += 1) fail();
  expect(breaker.refuse()).toBeDefined();
  breaker.reachable();
  expect(breaker.refuse()).toBeUndefined();
});

test('counts what was asked, and knows how the server is', async () => {
  const server = await double();
  const client = new ServerClient({ base: server.url.replace('/v1', ''), model: 'vlm' });
  // Any path that it has not is turned down with 404, as a whole answer.
  await expect(client.ask(question(), String)).rejects.toThrow(/HTTP 404/);
  await expect(client.ask(question(0), String)).rejects.toThrow(/the time was up/);
  expect(client.health()).toMatchObject({ up: false, asked: 2, failed: 2, retried: 0, breaker: 'closed' });
  expect(client.health().lastFailure).toMatch(/time was up/);
});

test('a server that is gone, and back: seen without asking it for anything', async () => {
  const server = await double();
  const { port } = server;
  const client = new ServerClient({ base: server.url, model: 'vlm' });
  let told = 0;
  client.watch(
    '/models',
    () => {
      told += 1;
    },
    200,
  );
  await server.close();
  await expect.poll(() => client.health().up, { timeout: 10_000 }).toBe(false);
  for (let i = 0; i < 4; i += 1) await expect(client.ask(question(30), String)).rejects.toThrow();
  expect(client.health().breaker).toBe('open');
  await double(port);
  await expect.poll(() => client.health().up, { timeout: 10_000 }).toBe(true);
  expect(told).toBeGreaterThan(1);
  // The breaker lets the next request try at once.
  await expect(client.ask(question(), String)).rejects.toThrow(/HTTP 404/);
});

test('one answer that cannot be read is no loss of the server, four in a row are; that it can be reached is no cure', async () => {
  const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new ServerClient({ base: `http://127.0.0.1:${port}`, model: 'vlm' });
  let looks = 0;
  client.watch('/models', () => void looks++, 50);
  const odd = () =>
    client.ask(question(), () => {
      throw new Error('no word');
    });
  await expect(odd()).rejects.toThrow(/no word/);
  expect(client.health()).toMatchObject({ up: true, failed: 1, lastFailure: 'no word' });
  for (let i = 0; i < 3; i += 1) await expect(odd()).rejects.toThrow();
  expect(client.health()).toMatchObject({ up: false, breaker: 'open' });
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(client.health().up).toBe(false);
  // It may be tried at once, and an answer says that it is back.
  await client.ask(question(), String);
  expect(client.health()).toMatchObject({ up: true, breaker: 'closed' });
});

test('several processes’ knowledge of a server as one', () => {
  const one = {
    server: 's',
    model: 'm',
    up: true,
    breaker: 'closed',
    asked: 3,
    failed: 1,
    retried: 1,
    answeredMs: 100,
    lastMs: 40,
    lastFailure: null,
    tokens: { input: 5, output: 1 },
    spending: { today: 2, perDay: 3 },
  } as const;
  const other = {
    ...one,
    up: false,
    breaker: 'open',
    lastFailure: 'HTTP 500',
    lastMs: 30,
    spending: { today: 2.5, perDay: 3 },
  } as const;
  const both = {
    server: 's',
    model: 'm',
    up: false,
    breaker: 'open',
    asked: 6,
    failed: 2,
    retried: 2,
    answeredMs: 200,
    lastMs: 40,
    lastFailure: 'HTTP 500',
    tokens: { input: 10, output: 2 },
    spending: { today: 2.5, perDay: 3 },
  };
  expect(mergeHealth(one, other)).toEqual(both);
  expect(mergeHealth(other, one)).toEqual(both);
});
