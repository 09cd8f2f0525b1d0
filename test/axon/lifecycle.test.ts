import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createVerifier } from '../../src/axon/index.ts';
import { startAxon } from './support/axon.ts';
import { call, keepAlive, rawSocket } from './support/http.ts';
import { X } from './support/keys.ts';
import { challenge, synapseBody, synapseHeaders } from './support/requests.ts';

test('draining answers what is in flight, then closes', async () => {
  const release = Promise.withResolvers<{ prediction: number }>();
  const asked = Promise.withResolvers<void>();
  const { port, axon } = await startAxon({
    answer: () => {
      asked.resolve();
      return release.promise;
    },
  });
  const idle = await rawSocket(port);
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await idle.until((text) => text.endsWith('}'));
  const pending = call(challenge(port));
  await asked.promise;
  const drained = axon.drain(60_000);
  await idle.closed;
  await expect(call({ port, path: '/' })).rejects.toThrow('ECONNREFUSED');
  release.resolve({ prediction: 0.5 });
  const response = await pending;
  expect(response.json().prediction).toBe(0.5);
  expect(response.header('connection')).toBe('close');
  await drained;
  expect(axon.address).toBeUndefined();
  expect(axon.connections).toBe(0);
});

test('what is still unanswered at the end of the drain is cut off', async () => {
  const asked = Promise.withResolvers<void>();
  const { port, axon } = await startAxon({
    answer: () => {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  const pending = expect(call(challenge(port))).rejects.toThrow('socket hang up');
  await asked.promise;
  await axon.drain(20);
  await pending;
});

test('a second drain closes at once, and closing twice is harmless', async () => {
  const asked = Promise.withResolvers<void>();
  const { port, axon } = await startAxon({
    answer: () => {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  const pending = expect(call(challenge(port))).rejects.toThrow('socket hang up');
  await asked.promise;
  const first = axon.drain(3_600_000);
  await axon.drain(3_600_000);
  await first;
  await pending;
  await axon.close();
});

test('a port that is taken is a clear error', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const { axon } = await startAxon();
  await axon.close();
  const other = await startAxon();
  await other.axon.close();
  await expect(other.axon.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'ERR_PORT_IN_USE',
    details: { port, host: '127.0.0.1' },
  });
  taken.close();
});

test.each(['203.0.113.77', 'not-a-host.invalid'])('%s is no address to listen on', async (host) => {
  await expect(startAxon({ host })).rejects.toMatchObject({ code: 'ERR_LISTEN' });
});

test('several axons share a verifier, and keep their hotkeys apart', async () => {
  const verifier = createVerifier();
  const first = await startAxon({ verifier });
  const second = await startAxon({ verifier, hotkey: X.ss58 });
  expect((await call(challenge(first.port))).status).toBe(200);
  expect((await call(challenge(second.port))).status).toBe(401);
  const forSecond = { port: second.port, path: '/ImageSynapse', body: synapseBody() };
  const headers = synapseHeaders({ axonHotkey: X.ss58 });
  expect((await call({ ...forSecond, headers })).status).toBe(200);
  expect(verifier.stats()).toMatchObject({ valid: 2, invalid: 1 });
});

test('an agent that keeps its connection is told to close it while draining', async () => {
  const release = Promise.withResolvers<{ prediction: number }>();
  const asked = Promise.withResolvers<void>();
  const { port, axon } = await startAxon({
    answer: () => {
      asked.resolve();
      return release.promise;
    },
  });
  const agent = keepAlive();
  const pending = call({ ...challenge(port), agent });
  await asked.promise;
  const drained = axon.drain(60_000);
  release.resolve({ prediction: 0.1 });
  expect((await pending).header('connection')).toBe('close');
  await drained;
  agent.destroy();
});
