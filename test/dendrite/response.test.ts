import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { type ChallengeResult, createDendrite, type Question } from '../../src/dendrite/index.ts';
import { M, V } from '../axon/support/keys.ts';

/** A server that answers every connection's first bytes with these, or does what it is told. */
async function serve(reply: string | Buffer | ((socket: Socket) => void)): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      if (typeof reply === 'function') reply(socket);
      else socket.end(reply);
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function ask(port: number, question: Partial<Question> = {}): Promise<ChallengeResult> {
  const dendrite = createDendrite({ signer: V });
  onTestFinished(() => dendrite.close());
  const target = { host: '127.0.0.1', port };
  return dendrite.challenge({ target, axonHotkey: M.ss58, image: new Uint8Array(10), ...question });
}

function http(status: string, headers: readonly string[], body: string | Buffer): Buffer {
  const head = [`HTTP/1.1 ${status}`, ...headers, `content-length: ${Buffer.byteLength(body)}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

const JSON_TYPE = 'content-type: application/json';
const OK = 'bt_header_axon_status_code: 200';

test('E 65: a prediction alone is an answer, but no success until the axon says so itself', async () => {
  const bare = await ask(await serve(http('200 OK', [JSON_TYPE], '{"prediction":0.25}')));
  expect(bare).toMatchObject({ prediction: 0.25, isSuccess: false, httpStatus: 200 });
  const header = await ask(await serve(http('200 OK', [JSON_TYPE, OK], '{"prediction":0.25}')));
  expect(header).toMatchObject({ prediction: 0.25, isSuccess: true, status: 200 });
  const body = '{"prediction":0.25,"axon":{"status_code":200,"status_message":"Success","process_time":0.5}}';
  expect(await ask(await serve(http('200 OK', [JSON_TYPE], body)))).toMatchObject({
    isSuccess: true,
    message: 'Success',
    processMs: 500,
  });
});

test('E 66: 201 is no success', async () => {
  const result = await ask(await serve(http('201 Created', [JSON_TYPE, OK], '{"prediction":0.25}')));
  expect(result).toMatchObject({ prediction: -1, isSuccess: false, httpStatus: 201 });
});

test.each([
  ['E 67: text/plain', ['content-type: text/plain'], '{"prediction":0.25}'],
  ['no type', [], '{"prediction":0.25}'],
  ['an array', [JSON_TYPE], '[0.25]'],
  ['no JSON', [JSON_TYPE], '{'],
  ['not UTF-8', [JSON_TYPE], Buffer.from('{"a":"\xff"}', 'latin1')],
  ['prediction null', [JSON_TYPE], '{"prediction":null}'],
  ['prediction a list', [JSON_TYPE], '{"prediction":[1]}'],
])('%s is 422', async (_name, headers, body) => {
  const result = await ask(await serve(http('200 OK', headers, body)));
  expect(result).toMatchObject({ status: 422, prediction: -1, isSuccess: false });
  expect(result.message).toMatch(/^Failed to parse response: /);
});

test('E 68: no answer is 408', async () => {
  const result = await ask(await serve(() => {}), { timeoutMs: 50 });
  expect(result).toMatchObject({ status: 408, prediction: -1, isSuccess: false, httpStatus: null });
  expect(result.message).toBe('Request timeout after 0.05 seconds');
});

test('the time is for the whole answer, not for its first byte', async () => {
  const port = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'));
  expect(await ask(port, { timeoutMs: 80 })).toMatchObject({ status: 408 });
});

test.each([
  ['1', 1],
  ['true', 1],
  ['"0.5"', 0.5],
  ['1e400', Number.POSITIVE_INFINITY],
])('prediction %s is read as %d', async (json, value) => {
  const result = await ask(await serve(http('200 OK', [JSON_TYPE, OK], `{"prediction":${json}}`)));
  expect(result.prediction).toBe(value);
});

test('null for axon or dendrite is a failure, with the prediction kept', async () => {
  for (const field of ['axon', 'dendrite']) {
    const body = `{"prediction":0.5,"${field}":null}`;
    expect(await ask(await serve(http('200 OK', [JSON_TYPE, OK], body)))).toMatchObject({
      status: 422,
      prediction: 0.5,
      isSuccess: false,
    });
  }
});

test('headers in another case are overlooked, as the SDK does', async () => {
  const result = await ask(
    await serve(http('200 OK', [JSON_TYPE, 'Bt_header_axon_status_code: 200'], '{"prediction":0.5}')),
  );
  expect(result).toMatchObject({ prediction: 0.5, isSuccess: false });
});

test('a refusal carries the axon’s own words', async () => {
  const reply = http('403 Forbidden', [JSON_TYPE], '{"message":"Forbidden. Key is blacklisted: no."}');
  expect(await ask(await serve(reply))).toMatchObject({
    status: 403,
    message: 'Forbidden. Key is blacklisted: no.',
    prediction: -1,
  });
});

test('what an axon says cannot steer the terminal, break the line or fill the screen', async () => {
  const evil = 'no\u001b[2J\u001b]0;title\u0007 \u202ethe\nError: other\u2028way';
  const said = 'no [2J ]0;title the Error: other way';
  const inBody = http('403 Forbidden', [JSON_TYPE], JSON.stringify({ message: evil }));
  expect(await ask(await serve(inBody))).toMatchObject({ message: said });
  expect(await ask(await serve(inBody), { protocol: 'btauth' })).toMatchObject({ message: said });
  const inField = JSON.stringify({ prediction: 0.5, axon: { status_code: 200, status_message: evil } });
  expect(await ask(await serve(http('200 OK', [JSON_TYPE], inField)))).toMatchObject({ message: said });
  const inHead = http('500 No', [JSON_TYPE, 'bt_header_axon_status_message: a\u009b31mb'], '{}');
  expect(await ask(await serve(inHead))).toMatchObject({ message: 'a 31mb' });
  const long = http('403 Forbidden', [JSON_TYPE], JSON.stringify({ message: 'x'.repeat(100_000) }));
  expect((await ask(await serve(long))).message).toHaveLength(500);
});

test('nobody there is 503', async () => {
  const port = await serve('');
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const address = closed.address();
  const free = address !== null && typeof address === 'object' ? address.port : port;
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const result = await ask(free);
  expect(result).toMatchObject({ status: 503, httpStatus: null });
  expect(result.message).toBe(`Service unavailable at 127.0.0.1:${free}/ImageSynapse`);
});

test('a connection that ends without an answer is 503, one that talks nonsense 400', async () => {
  expect(await ask(await serve((socket) => socket.destroy()))).toMatchObject({ status: 503 });
  expect(await ask(await serve('hello\r\n\r\n'))).toMatchObject({ status: 400 });
});

test('compressed answers are read', async () => {
  const body = gzipSync('{"prediction":0.5}');
  const reply = http('200 OK', [JSON_TYPE, OK, 'content-encoding: gzip'], body);
  expect(await ask(await serve(reply))).toMatchObject({ prediction: 0.5, isSuccess: true });
});

test('btauth/1: HTTP says how it went', async () => {
  const good = http('200 OK', [JSON_TYPE], '{"prediction":0.5,"process_time":0.25}');
  expect(await ask(await serve(good), { protocol: 'btauth' })).toMatchObject({
    prediction: 0.5,
    isSuccess: true,
    processMs: 250,
  });
  const bad = http('401 Unauthorized', [JSON_TYPE], '{"message":"StaleRequest: old"}');
  expect(await ask(await serve(bad), { protocol: 'btauth' })).toMatchObject({
    prediction: -1,
    status: 401,
    message: 'StaleRequest: old',
    isSuccess: false,
  });
});
