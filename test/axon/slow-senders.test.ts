import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/axon/index.ts';
import { startAxon } from './support/axon.ts';
import { rawSocket } from './support/http.ts';
import { synapseHeaders } from './support/requests.ts';

const QUICK = { headerMs: 200, requestMs: 400, keepAliveMs: 100 };

test('the default limits close slow heads within 10 s, slow requests within 15 s', () => {
  expect(DEFAULT_LIMITS.headerMs).toBeLessThanOrEqual(10_000);
  expect(DEFAULT_LIMITS.requestMs).toBeLessThanOrEqual(15_000);
  expect(DEFAULT_LIMITS.keepAliveMs).toBeGreaterThanOrEqual(20_000);
});

test.each([
  ['nothing at all', ''],
  ['half a request line', 'POST /Ima'],
  ['E 48: half a head', 'POST /ImageSynapse HTTP/1.1\r\nHost: a\r\nname: Im'],
])('a connection that sends %s is closed', async (_name, bytes) => {
  const { port, next } = await startAxon({ limits: QUICK });
  const event = next('connection');
  const socket = await rawSocket(port);
  if (bytes !== '') socket.write(bytes);
  const text = await socket.closed;
  expect(text === '' || text.startsWith('HTTP/1.1 408 Request Timeout')).toBe(true);
  expect(await event).toMatchObject({ reason: 'too-slow' });
});

test('E 49: a body that does not come is given up', async () => {
  const { port } = await startAxon({ limits: QUICK });
  const socket = await rawSocket(port);
  const head = synapseHeaders().map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /ImageSynapse HTTP/1.1\r\nHost: a\r\n${head.join('')}Content-Length: 1000\r\n\r\n{"im`);
  expect(await socket.closed).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test('E 50: a head over 16 kB is refused', async () => {
  const { port } = await startAxon();
  const socket = await rawSocket(port);
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(64 * 1024)}\r\n\r\n`);
  expect(await socket.closed).toMatch(/^HTTP\/1\.1 431 /);
});

test('an idle connection is closed after its time', async () => {
  const { port } = await startAxon({ limits: QUICK });
  const socket = await rawSocket(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(await socket.closed).toMatch(/^HTTP\/1\.1 404 /);
});

test('a connection has one request at a time', async () => {
  const { port, next } = await startAxon({ answer: () => new Promise(() => {}) });
  const event = next('connection');
  const socket = await rawSocket(port);
  const head = synapseHeaders().map(([name, value]) => `${name}: ${value}\r\n`);
  const one = `POST /ImageSynapse HTTP/1.1\r\nHost: a\r\n${head.join('')}Content-Length: 2\r\n\r\n{}`;
  socket.write(one + one);
  expect(await socket.closed).toBe('');
  expect(await event).toMatchObject({ reason: 'pipelining' });
});
