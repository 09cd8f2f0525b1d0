import { expect, test } from 'vitest';
import { startAxon } from './support/axon.ts';
import { call, keepAlive, rawSocket } from './support/http.ts';
import { challenge, synapseHeaders, withHeader } from './support/requests.ts';

test('over the limit of an address the oldest connection without a valid request makes room', async () => {
  const { port, axon, events } = await startAxon({ limits: { connectionsPerAddress: 3 } });
  const agent = keepAlive();
  expect((await call({ ...challenge(port), agent })).status).toBe(200);
  const idle = await rawSocket(port);
  const other = await rawSocket(port);
  await expect.poll(() => axon.connections).toBe(3);
  const newcomer = await rawSocket(port);
  expect(await idle.closed).toBe('');
  newcomer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await newcomer.closed).toMatch(/^HTTP\/1\.1 404 /);
  expect(events).toContainEqual(expect.objectContaining({ type: 'connection', reason: 'evicted' }));
  other.socket.destroy();
  agent.destroy();
});

test('what made room is held, no longer read, and closed when the axon ends', async () => {
  const { port, axon } = await startAxon({ limits: { connectionsPerAddress: 1 } });
  const idle = await rawSocket(port);
  await expect.poll(() => axon.connections).toBe(1);
  const newcomer = await rawSocket(port);
  newcomer.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await newcomer.until((text) => text.includes('404'));
  // Were it closed at once or still read, its end or an answer would be here before the newcomer's second answer.
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  newcomer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await newcomer.closed;
  expect(idle.socket.readyState).toBe('open');
  await axon.drain(60_000);
  expect(await idle.closed).toBe('');
});

test('a connection whose signature failed goes before an older one that sent nothing', async () => {
  const { port, axon } = await startAxon({ limits: { connectionsPerAddress: 2 } });
  const older = await rawSocket(port);
  await expect.poll(() => axon.connections).toBe(1);
  const liar = await rawSocket(port);
  const headers = withHeader(synapseHeaders(), 'bt_header_dendrite_signature', `0x${'11'.repeat(64)}`);
  liar.write(
    `POST /ImageSynapse HTTP/1.1\r\nHost: a\r\n${headers.map(([k, v]) => `${k}: ${v}\r\n`).join('')}Content-Length: 2\r\n\r\n{}`,
  );
  await liar.until((text) => text.includes('401 Unauthorized') && text.endsWith('}'));
  const newcomer = await rawSocket(port);
  expect(await liar.closed).toContain('401');
  expect(older.socket.destroyed).toBe(false);
  for (const { socket } of [older, newcomer]) socket.destroy();
});

test('when all connections are proved, a new one is turned away', async () => {
  const { port, events } = await startAxon({ limits: { connections: 1 } });
  const agent = keepAlive();
  expect((await call({ ...challenge(port), agent })).status).toBe(200);
  const newcomer = await rawSocket(port);
  expect(await newcomer.closed).toBe('');
  expect(events.at(-1)).toMatchObject({ type: 'connection', reason: 'limit', address: '127.0.0.1' });
  agent.destroy();
});

test('addresses have separate limits', async () => {
  const { port, axon } = await startAxon({ limits: { connectionsPerAddress: 1 }, host: '::' });
  const v4 = await rawSocket(port);
  const v6 = await rawSocket(port, '::1');
  const second = await rawSocket(port, '127.0.0.1', '127.0.0.2');
  await expect.poll(() => axon.connections).toBe(3);
  for (const { socket } of [v4, v6, second]) socket.destroy();
  await expect.poll(() => axon.connections).toBe(0);
});
