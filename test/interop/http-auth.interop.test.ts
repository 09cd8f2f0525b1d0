import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDendrite } from '../../src/dendrite/index.ts';
import { greyJpeg, keypairOf, type ServedMiner, seedOf, startMiner } from './support/miner.ts';
import { askPython } from './support/peers.ts';

const VALIDATOR = seedOf('11');

let miner: ServedMiner;
beforeAll(async () => {
  miner = await startMiner([keypairOf(VALIDATOR).ss58]);
});
afterAll(() => miner.stop());

/** Headers that http_auth of bittensor 11.3.0 makes for a request. */
async function sign(
  body: Uint8Array,
  change: { seed?: string; receiver?: string | null; path?: string } = {},
): Promise<Record<string, string>> {
  const { seed = VALIDATOR, receiver = miner.hotkey.ss58, path = '/predict' } = change;
  const text = Buffer.from(body).toString('base64');
  const job = { do: 'sign', seed, method: 'POST', path, body: text, receiver };
  return (await askPython('sdk-11', 'http_auth_peer.py', job)) as Record<string, string>;
}

async function post(
  body: Uint8Array,
  type: string,
  headers: Record<string, string>,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`http://127.0.0.1:${miner.port}/predict`, {
    method: 'POST',
    headers: { ...headers, 'content-type': type },
    body: Uint8Array.from(body),
  });
  return { status: response.status, json: await response.json() };
}

test('a JSON body signed by the SDK is answered', async () => {
  const image = Buffer.from(await greyJpeg(128, 320, 240)).toString('base64');
  const body = Buffer.from(JSON.stringify({ image }));
  const { status, json } = await post(body, 'application/json', await sign(body));
  expect(status).toBe(200);
  expect(json).toMatchObject({ prediction: expect.closeTo(128 / 255, 1) });
});

test('a raw JPEG signed by the SDK is answered', async () => {
  const body = await greyJpeg(220, 320, 240);
  const { status, json } = await post(body, 'image/jpeg', await sign(body));
  expect(status).toBe(200);
  expect(json).toMatchObject({ prediction: expect.closeTo(220 / 255, 1) });
});

test.each([
  ['a changed body', 401, {}, Buffer.from([0])],
  ['a stranger', 403, { seed: seedOf('33') }, undefined],
  ['another receiver', 401, { receiver: keypairOf(seedOf('44')).ss58 }, undefined],
  ['no receiver', 401, { receiver: null }, undefined],
  ['another path', 401, { path: '/other' }, undefined],
])('%s is refused with %i', async (_, wanted, change, tail) => {
  const body = await greyJpeg(10, 64, 64);
  const headers = await sign(body, change);
  const sent = tail === undefined ? body : Buffer.concat([body, tail]);
  expect((await post(sent, 'image/jpeg', headers)).status).toBe(wanted);
});

test('the same request twice is refused as a replay', async () => {
  const body = await greyJpeg(11, 64, 64);
  const headers = await sign(body);
  expect((await post(body, 'image/jpeg', headers)).status).toBe(200);
  expect((await post(body, 'image/jpeg', headers)).status).toBe(401);
});

test.each(['json', 'jpeg'] as const)('the SDK verifies what our dendrite sends as %s', async (bodyKind) => {
  const receiver = keypairOf(seedOf('22')).ss58;
  const requests: { headers: Record<string, unknown>; body: string; path: string }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('base64');
    requests.push({ headers: request.headers, body, path: request.url ?? '' });
    response.setHeader('content-type', 'application/json').end('{"prediction": 0.75}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const signer = keypairOf(VALIDATOR);
  const dendrite = createDendrite({ signer });
  try {
    const { port } = server.address() as AddressInfo;
    const result = await dendrite.challenge({
      target: { host: '127.0.0.1', port },
      axonHotkey: receiver,
      image: await greyJpeg(77, 64, 64),
      protocol: 'btauth',
      bodyKind,
    });
    expect(result.prediction).toBe(0.75);
  } finally {
    dendrite.close();
    server.close();
  }
  const [request] = requests;
  const job = { do: 'verify', method: 'POST', self: receiver, ...request };
  expect(await askPython('sdk-11', 'http_auth_peer.py', job)).toEqual({ caller: signer.ss58 });
  const other = { ...job, self: signer.ss58 };
  expect(await askPython('sdk-11', 'http_auth_peer.py', other)).toEqual({ error: 'WrongReceiver' });
});
