import { expect, test } from 'vitest';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call, rawSocket } from './support/http.ts';
import { btauthHeaders, challenge, synapseBody, synapseHeaders, withHeader } from './support/requests.ts';

function headText(headers: readonly (readonly [string, string])[], path = '/ImageSynapse'): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers.map(([k, v]) => `${k}: ${v}\r\n`).join('')}`;
}

test.each([
  ['E 41: no JSON', '{"image": ', 422],
  ['empty', '', 422],
  ['not UTF-8', Buffer.from('{"image": "\xff"}', 'latin1'), 422],
  ['E 42: an array', '["image"]', 500],
  ['null', 'null', 500],
  ['E 43: a number as image', '{"image": 5}', 500],
  ['null as image', '{"image": null}', 500],
])('%s is refused', async (_name, body, status) => {
  const { port, images } = await startAxon();
  const response = await call({ port, path: '/ImageSynapse', headers: synapseHeaders(), body });
  expect(response.status).toBe(status);
  expect(response.header('content-type')).toBe('application/json');
  expect(images).toEqual([]);
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }))).status).toBe(200);
});

test('E 44: the body does not choose the status', async () => {
  const { port } = await startAxon();
  const body = synapseBody({ axon: { status_code: 418, status_message: 'teapot' } });
  const response = await call(challenge(port, { body }));
  expect(response.status).toBe(200);
  expect(response.header('bt_header_axon_status_code')).toBe('200');
});

test('E 51: an announced body over the limit is refused before it is sent', async () => {
  const { port } = await startAxon({ limits: { bodyBytes: 1_000_000 } });
  const socket = await rawSocket(port);
  socket.write(`${headText(synapseHeaders())}Content-Length: 1000001\r\n\r\n`);
  const text = await socket.closed;
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text.toLowerCase()).toContain('connection: close');
});

test('a chunked body is counted as it comes', async () => {
  const { port, axon } = await startAxon({ limits: { bodyBytes: 100_000 } });
  const socket = await rawSocket(port);
  socket.write(`${headText(synapseHeaders())}Transfer-Encoding: chunked\r\n\r\n`);
  const chunk = `ffff\r\n${'x'.repeat(0xffff)}\r\n`;
  socket.write(chunk + chunk);
  expect(await socket.closed).toMatch(/^HTTP\/1\.1 413 /);
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }))).status).toBe(200);
  expect(axon.connections).toBeLessThanOrEqual(1);
});

test('a large body behind a refused head is not read to its end, and the answer arrives', async () => {
  const { port } = await startAxon();
  const socket = await rawSocket(port);
  const headers = withHeader(synapseHeaders(), 'bt_header_dendrite_signature', `0x${'11'.repeat(64)}`);
  socket.write(`${headText(headers)}Content-Length: 20000000\r\n\r\n`);
  socket.write(Buffer.alloc(500_000));
  const text = await socket.closed;
  expect(text).toMatch(/^HTTP\/1\.1 401 /);
  expect(text).toContain('Signature mismatch');
});

test('a small body behind a refused head is dropped and the connection kept', async () => {
  const { port } = await startAxon();
  const socket = await rawSocket(port);
  const bad = withHeader(synapseHeaders(), 'bt_header_dendrite_signature', `0x${'11'.repeat(64)}`);
  const body = synapseBody();
  socket.write(`${headText(bad)}Content-Length: ${body.length}\r\n\r\n${body}`);
  await socket.until((text) => text.endsWith('}'));
  socket.write(
    `${headText(synapseHeaders())}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  expect(await socket.closed).toMatch(/401 Unauthorized[\s\S]*HTTP\/1\.1 200 OK/);
});

test('Expect: 100-continue is answered when the body is wanted, not before', async () => {
  const { port } = await startAxon();
  const body = synapseBody();
  const expecting = `Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`;
  const welcome = await rawSocket(port);
  welcome.write(headText(synapseHeaders()) + expecting);
  await welcome.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
  welcome.write(body);
  expect(await welcome.until((text) => text.endsWith('}'))).toContain('HTTP/1.1 200 OK');
  welcome.socket.destroy();

  const unwelcome = await rawSocket(port);
  unwelcome.write(headText(withHeader(synapseHeaders(), 'bt_header_dendrite_signature', null)) + expecting);
  const text = await unwelcome.closed;
  expect(text).toMatch(/^HTTP\/1\.1 401 /);
  expect(text.toLowerCase()).toContain('connection: close');
});

test.each([
  ['Content-Type', 'text/plain'],
  ['Content-Encoding', 'gzip'],
])('%s %s is 415', async (name, value) => {
  const { port } = await startAxon();
  const headers = withHeader(synapseHeaders(), name, value);
  expect((await call({ port, path: '/ImageSynapse', headers, body: synapseBody() })).status).toBe(415);
});

test('bodies on their way in have a common budget, and it is given back', async () => {
  const { port } = await startAxon({ limits: { bodyBytesInFlight: 10_000, unverifiedBodyBytes: 10_000 } });
  const holding = await rawSocket(port);
  holding.write(`${headText(synapseHeaders())}Expect: 100-continue\r\nContent-Length: 9000\r\n\r\n`);
  await holding.until((text) => text.includes('100 Continue'));
  const body = `{"image":"${'A'.repeat(2_000)}"}`;
  const second = await call(challenge(port, { body, nonce: CAPTURED_NONCE + 1n }));
  // The first connection of a caller counts as unproved only where the signature covers the body.
  expect(second.status).toBe(503);
  holding.socket.destroy();
  await expect
    .poll(
      async () => (await call(challenge(port, { body, nonce: CAPTURED_NONCE + BigInt(Date.now()) }))).status,
    )
    .toBe(200);
});

test('bodies that cannot be checked before they are complete have their own budget', async () => {
  const { port } = await startAxon({ limits: { unverifiedBodyBytes: 1_000 } });
  const body = Buffer.from(`{"image":"${'A'.repeat(2_000)}"}`);
  const path = '/predict';
  expect((await call({ port, path, headers: btauthHeaders({ body }), body })).status).toBe(503);
  const small = Buffer.from('{"image":"AAAA"}');
  expect((await call({ port, path, headers: btauthHeaders({ body: small }), body: small })).status).toBe(200);
});

test('a caller that goes away while its body is read is noted, not answered', async () => {
  const { port, next, images } = await startAxon();
  const gone = next('gone');
  const socket = await rawSocket(port);
  socket.write(`${headText(synapseHeaders())}Expect: 100-continue\r\nContent-Length: 9000\r\n\r\n`);
  await socket.until((text) => text.includes('100 Continue'));
  socket.socket.destroy();
  expect(await gone).toMatchObject({ address: '127.0.0.1' });
  expect(images).toEqual([]);
});
