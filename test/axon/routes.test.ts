import { expect, test } from 'vitest';
import { startAxon } from './support/axon.ts';
import { call, rawSocket } from './support/http.ts';
import { challenge, synapseHeaders } from './support/requests.ts';

const AVAILABLE = "Available synapses ['Synapse', 'ImageSynapse', 'ExtendedImageSynapse']";

test('E 19: GET / is the 404 that operators look for with curl', async () => {
  const { port, events } = await startAxon();
  const response = await call({ port, method: 'GET', path: '/' });
  expect(response.status).toBe(404);
  expect(response.body).toBe(JSON.stringify({ message: `Synapse name '' not found. ${AVAILABLE}` }));
  expect(response.header('bt_header_axon_status_code')).toBe('404');
  expect(response.header('content-type')).toBe('application/json');
  expect(events).toMatchObject([{ type: 'refused', reason: 'unknown-route', protocol: null, status: 404 }]);
});

test.each([
  ['E 20', '/Nope', 'Nope'],
  ['E 21', '/imagesynapse', 'imagesynapse'],
  ['decoded', '/a%20b/c', 'a b'],
  ['trailing slash', '/ImageSynapse/', 'ImageSynapse'],
  ['below a route', '/ImageSynapse/x', 'ImageSynapse'],
  ['bad escape', '/%zz', '%zz'],
])('%s: %s is not found', async (_case, path, name) => {
  const { port } = await startAxon();
  const response = await call({ port, path, headers: synapseHeaders(), body: '{}' });
  expect(response.status).toBe(404);
  expect(response.json()).toEqual({ message: `Synapse name '${name}' not found. ${AVAILABLE}` });
});

test('E 22: a path outside latin-1 makes no invalid header', async () => {
  const { port } = await startAxon();
  const response = await call({ port, path: '/%E2%82%AC', method: 'GET' });
  expect(response.status).toBe(404);
  expect(response.header('bt_header_axon_status_message')).toMatch(/^[\x20-\x7e]+$/);
});

test('E 23: line breaks in a path inject no header', async () => {
  const { port } = await startAxon();
  const response = await call({ port, path: '/a%0d%0aX-Injected:1', method: 'GET' });
  expect(response.status).toBe(404);
  expect(response.rawHeaders.map((text) => text.toLowerCase())).not.toContain('x-injected');
});

test('a very long path gives a short message', async () => {
  const { port } = await startAxon();
  const response = await call({ port, path: `/${'x'.repeat(8_000)}`, method: 'GET' });
  expect(response.status).toBe(404);
  expect(response.body.length).toBeLessThan(1_000);
});

test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('E 45: %s is not allowed', async (method) => {
  const { port } = await startAxon();
  const response = await call({ ...challenge(port), method });
  expect(response.status).toBe(405);
  expect(response.header('allow')).toBe('GET, POST');
  expect(response.json()).toEqual({ detail: 'Method Not Allowed' });
});

test('HEAD is answered without a body', async () => {
  const { port } = await startAxon();
  const known = await call({ port, method: 'HEAD', path: '/ImageSynapse', headers: synapseHeaders() });
  expect([known.status, known.body]).toEqual([405, '']);
  const unknown = await call({ port, method: 'HEAD', path: '/' });
  expect([unknown.status, unknown.body]).toEqual([404, '']);
});

test('a query does not change the route', async () => {
  const { port } = await startAxon();
  expect((await call({ ...challenge(port), path: '/ImageSynapse?x=1' })).status).toBe(200);
});

test('routes are what the options say', async () => {
  const { port } = await startAxon({ routes: { images: ['Other'], btauth: false, ping: 'off' } });
  expect((await call({ ...challenge(port), path: '/Other' })).status).toBe(200);
  const gone = await call(challenge(port));
  expect(gone.json()).toEqual({
    message: "Synapse name 'ImageSynapse' not found. Available synapses ['Other']",
  });
  expect((await call({ port, path: '/predict', body: '{}' })).status).toBe(404);
});

test.each([
  ['TLS hello', Buffer.from('16030100f1010000ed0303', 'hex')],
  ['nonsense', 'hello\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'length and chunked',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['space before colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  ['obsolete folding', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n'],
  ['bare CR', 'GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n'],
])('%s is no HTTP that we take', async (_name, bytes) => {
  const { port } = await startAxon();
  const socket = await rawSocket(port);
  socket.write(bytes);
  const text = await socket.closed;
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: text\/plain/);
  expect(text).toMatch(/Invalid HTTP request received\.$/);
});
