import { expect, test } from 'vitest';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call, keepAlive, rawSocket } from './support/http.ts';
import { M, V, X } from './support/keys.ts';
import { challenge, IMAGE, synapseBody, synapseHeaders, UUID, withHeader } from './support/requests.ts';

const SECOND = 1_000_000_000n;
const CAPTURED_SIGNATURE =
  '0x70f3b0e9396c4e4a6e881f78ecc29c6745e6d499f0260be00ba7081dad7ed20f0b5cc154392267ec2d6af036e14fe6c7e62448655ef49558806244f79228be86';

test('E 1: the captured request of SDK 9.12.2 is accepted', async () => {
  const { port, images } = await startAxon();
  const headers = withHeader(synapseHeaders(), 'bt_header_dendrite_signature', CAPTURED_SIGNATURE);
  const response = await call({ port, path: '/ImageSynapse', headers, body: synapseBody() });
  expect(response.status).toBe(200);
  expect(images).toEqual([IMAGE]);
});

test('E 2: an answer has what a dendrite reads, spelled as it reads it', async () => {
  const { port } = await startAxon();
  const response = await call(challenge(port));
  expect(response.status).toBe(200);
  expect(response.header('content-type')).toBe('application/json');
  expect(response.header('bt_header_axon_status_code')).toBe('200');
  expect(response.header('bt_header_axon_status_message')).toBe('Success');
  expect(response.header('bt_header_axon_process_time')).toMatch(/^\d+(\.\d+)?(e-\d+)?$/);
  const json = response.json();
  expect(json).toMatchObject({
    name: 'ImageSynapse',
    timeout: 9,
    prediction: 0.73,
    dendrite: { hotkey: V.ss58, uuid: UUID },
    axon: { status_code: 200, status_message: 'Success', hotkey: M.ss58 },
  });
  for (const size of ['header_size', 'total_size']) {
    expect(response.header(size)).toMatch(/^\d+$/);
    expect(json[size]).toBeTypeOf('number');
  }
});

test('E 4: the nonce comes back digit for digit', async () => {
  const { port } = await startAxon();
  const response = await call(challenge(port));
  expect(response.header('bt_header_dendrite_nonce')).toBe(CAPTURED_NONCE.toString());
  expect(response.body).toContain(`"nonce":${CAPTURED_NONCE},`);
});

test('E 5: validators of 2025 still ask ExtendedImageSynapse', async () => {
  const { port } = await startAxon({ routes: { modelUrl: 'https://example.org/model' } });
  const response = await call({
    port,
    path: '/ExtendedImageSynapse',
    headers: synapseHeaders(),
    body: synapseBody({ model_url: '' }),
  });
  expect(response.status).toBe(200);
  expect(response.json()).toMatchObject({ prediction: 0.73, model_url: 'https://example.org/model' });
});

test('E 6: a ping has the seven base fields; by default only permitted callers may', async () => {
  const open = await startAxon({ routes: { ping: 'anyone' } });
  const ping = (port: number) => ({
    port,
    path: '/Synapse',
    headers: synapseHeaders({ signer: X }),
    body: '{}',
  });
  const response = await call(ping(open.port));
  expect(response.status).toBe(200);
  expect(Object.keys(response.json())).toEqual([
    'name',
    'timeout',
    'total_size',
    'header_size',
    'dendrite',
    'axon',
    'computed_body_hash',
  ]);
  expect(open.images).toEqual([]);

  const careful = await startAxon();
  expect((await call(ping(careful.port))).status).toBe(403);
  const closed = await startAxon({ routes: { ping: 'off' } });
  expect((await call(ping(closed.port))).status).toBe(404);
});

test('E 7: unknown fields are ignored', async () => {
  const { port } = await startAxon();
  expect((await call(challenge(port, { body: synapseBody({ novel: { image: 'no' } }) }))).status).toBe(200);
});

test('E 8: a body without an image is an empty image', async () => {
  const { port, images } = await startAxon();
  expect((await call(challenge(port, { body: '{}' }))).status).toBe(200);
  expect(images).toEqual([Buffer.alloc(0)]);
});

test('E 9: name, timeout and sizes may be absent', async () => {
  const { port } = await startAxon();
  let headers = synapseHeaders({ timeout: null });
  for (const name of ['name', 'header_size', 'total_size']) headers = withHeader(headers, name, null);
  expect((await call({ port, path: '/ImageSynapse', headers, body: synapseBody() })).status).toBe(200);

  const late = synapseHeaders({ timeout: null, nonce: CAPTURED_NONCE - 3n * SECOND - 1n });
  const refused = await call({ port, path: '/ImageSynapse', headers: late, body: synapseBody() });
  expect(refused.status).toBe(401);
  expect(refused.body).toContain('acceptable delta is 4.00 seconds');
});

test('E 10: the signature may be in upper case', async () => {
  const { port } = await startAxon();
  const headers = synapseHeaders().map(([name, value]): [string, string] =>
    name === 'bt_header_dendrite_signature' ? [name, `0x${value.slice(2).toUpperCase()}`] : [name, value],
  );
  expect((await call({ port, path: '/ImageSynapse', headers, body: synapseBody() })).status).toBe(200);
});

test('E 11: a signature over the message in <Bytes> is accepted', async () => {
  const { port } = await startAxon();
  expect((await call(challenge(port, { wrap: true }))).status).toBe(200);
});

test('E 12: a nonce of 12.5 s ago is fresh with a timeout of 9 s', async () => {
  const { port, clock } = await startAxon();
  const nonce = clock.nowNs - 12_500_000_000n;
  expect((await call(challenge(port, { nonce }))).status).toBe(200);
});

test('E 13: a nonce a minute ahead is accepted once, one hours ahead never', async () => {
  const { port, clock } = await startAxon();
  const ahead = challenge(port, { nonce: clock.nowNs + 60n * SECOND });
  expect((await call(ahead)).status).toBe(200);
  expect((await call(ahead)).status).toBe(401);
  expect((await call(challenge(port, { nonce: clock.nowNs + 7_200n * SECOND }))).status).toBe(401);
});

test('E 14: two requests of one dendrite may arrive in the wrong order', async () => {
  const { port } = await startAxon();
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }))).status).toBe(200);
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE }))).status).toBe(200);
});

test('E 15: two dendrites of one validator may have the same nonce', async () => {
  const { port } = await startAxon();
  expect((await call(challenge(port, { uuid: UUID }))).status).toBe(200);
  expect((await call(challenge(port, { uuid: `${UUID}b` }))).status).toBe(200);
});

test('E 16: request header names have no case', async () => {
  const { port } = await startAxon();
  const headers = synapseHeaders().map(([name, value]): [string, string] => [name.toUpperCase(), value]);
  expect((await call({ port, path: '/ImageSynapse', headers, body: synapseBody() })).status).toBe(200);
});

test('E 17: IPv4 and IPv6 are served by one socket', async () => {
  const { port } = await startAxon({ host: '::' });
  const response = await call({ ...challenge(port), host: '::1' });
  expect(response.status).toBe(200);
  const other = await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }));
  expect(other.status).toBe(200);
});

test('E 18: images of validators that send originals, up to 24 MiB of body', async () => {
  const { port, images } = await startAxon();
  const image = Buffer.alloc(2_000_000, 'jpeg');
  const body = synapseBody({ image: image.toString('base64') });
  expect((await call(challenge(port, { body }))).status).toBe(200);
  const large = Buffer.alloc(17 * 1024 * 1024, 'large');
  const second = challenge(port, {
    body: synapseBody({ image: large.toString('base64') }),
    nonce: CAPTURED_NONCE + 1n,
  });
  expect((await call(second)).status).toBe(200);
  expect(images.map((bytes) => Buffer.compare(bytes, bytes.length > 2e6 ? large : image))).toEqual([0, 0]);
});

test('E 53: connections are kept and used again', async () => {
  const { port, axon } = await startAxon();
  const agent = keepAlive();
  const first = await call({ ...challenge(port), agent });
  expect(first.header('Keep-Alive')).toBe('timeout=25');
  expect((await call({ ...challenge(port, { nonce: CAPTURED_NONCE + 1n }), agent })).status).toBe(200);
  expect(axon.connections).toBe(1);
  agent.destroy();
});

test('GET with a body is answered like POST', async () => {
  const { port } = await startAxon();
  expect((await call({ ...challenge(port), method: 'GET' })).status).toBe(200);
});

test('the image of a chunked body is read, too', async () => {
  const { port, images } = await startAxon();
  const { body, ...rest } = challenge(port);
  const text = String(body);
  const chunked = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const socket = await rawSocket(port);
  const head = [...(rest.headers ?? []), ['Transfer-Encoding', 'chunked'], ['Connection', 'close']];
  socket.write(
    `POST /ImageSynapse HTTP/1.1\r\nHost: a\r\n${head.map(([k, v]) => `${k}: ${v}`).join('\r\n')}\r\n\r\n${chunked}`,
  );
  expect(await socket.closed).toMatch(/^HTTP\/1.1 200 /);
  expect(images).toEqual([IMAGE]);
});

test('a verified request says who asks, with what stake, and by when', async () => {
  const { port, next } = await startAxon();
  const answered = next('answered');
  await call(challenge(port));
  const { request, timings } = await answered;
  expect(request).toMatchObject({
    protocol: 'axon',
    route: 'ImageSynapse',
    hotkey: V.ss58,
    uuid: UUID,
    nonce: CAPTURED_NONCE.toString(),
    stake: 1_000n,
    remoteAddress: '127.0.0.1',
  });
  // 9 s, less the second that the nonce is old, less the margin.
  expect(request.deadline - request.receivedAt).toBeCloseTo(9_000 - 1_000 - 750, 6);
  expect(Object.keys(timings).sort()).toEqual(['answerMs', 'bodyMs', 'decodeMs', 'totalMs', 'verifyMs']);
});
