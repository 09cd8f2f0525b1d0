import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AxonOptions } from '../../src/axon/index.ts';
import { btauthPayload } from '../../src/wire/index.ts';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call } from './support/http.ts';
import { M, V, V_ED25519, X } from './support/keys.ts';
import { BTAUTH_BODY, btauthHeaders, type HeaderList, IMAGE, withHeader } from './support/requests.ts';

const SECOND = 1_000_000_000n;
const V2_SIGNATURE =
  '0x7471d5f9e010dda0127c001b91a91f62bd2823ae0ba14b5e7b6a7e0f282e9c020ca469dd4af0e934c8f07a0e4596b7dc7639896150b355a4e4b7878e3aeebe87';
const V6_SIGNATURE =
  '0x60880ae367489f33b509b729097b286a70351ff615c5f70166776c20b6635f0dbd383f84dfa8f3e3d05d22551e7fdf8cf6db248ab4aa3849fe1056c54113820e';

function door(btauth: Exclude<NonNullable<AxonOptions['routes']>['btauth'], false | undefined> = {}) {
  return startAxon({
    routes: { btauth },
    callerPolicy: (hotkey) =>
      hotkey === X.ss58 ? { allow: false, reason: 'Not a validator' } : { allow: true, stake: 5n },
  });
}

function ask(port: number, headers: HeaderList, body: Uint8Array = BTAUTH_BODY, path = '/predict') {
  return call({ port, path, headers, body });
}

test('V2: the golden request of SDK 11 is accepted', async () => {
  const { port, images, events } = await door({ path: '/v1/predict' });
  const headers = withHeader(btauthHeaders(), 'X-Bittensor-Signature', V2_SIGNATURE);
  const response = await ask(port, headers, BTAUTH_BODY, '/v1/predict');
  expect(response.status).toBe(200);
  expect(response.header('content-type')).toBe('application/json');
  expect(response.json()).toMatchObject({ prediction: 0.73, hotkey: M.ss58 });
  expect(images).toEqual([IMAGE]);
  expect(events.at(-1)).toMatchObject({
    type: 'answered',
    request: { protocol: 'btauth', route: '/v1/predict', hotkey: V.ss58, uuid: null, stake: 5n },
  });
});

test('V6: ed25519 where it is allowed, and only there', async () => {
  const headers = withHeader(btauthHeaders({ signer: V_ED25519 }), 'X-Bittensor-Signature', V6_SIGNATURE);
  const open = await door({ path: '/v1/predict', allowEd25519: true });
  expect((await ask(open.port, headers, BTAUTH_BODY, '/v1/predict')).status).toBe(200);
  const closed = await door({ path: '/v1/predict' });
  expect((await ask(closed.port, headers, BTAUTH_BODY, '/v1/predict')).status).toBe(401);
});

test('V5: an unbound request where no receiver is required, and only there', async () => {
  const headers = btauthHeaders({ receiver: null });
  const open = await door({ requireReceiver: false });
  expect((await ask(open.port, headers)).status).toBe(200);
  expect((await ask((await door()).port, headers)).status).toBe(401);
});

test('an image as it is, without base64', async () => {
  const { port, images } = await door();
  const body = Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]);
  const headers = withHeader(btauthHeaders({ body }), 'Content-Type', 'image/jpeg');
  expect((await ask(port, headers, body)).status).toBe(200);
  expect(images).toEqual([body]);
});

test('the query is signed with the path', async () => {
  const { port } = await door();
  const target = '/predict?netuid=72&x=a%20b';
  expect((await ask(port, btauthHeaders({ target }), BTAUTH_BODY, target)).status).toBe(200);
});

const sig = (headers: HeaderList) => headers.find(([name]) => name === 'X-Bittensor-Signature')?.[1] ?? '';
const HOTKEY = 'X-Bittensor-Hotkey';
const NONCE = 'X-Bittensor-Nonce';
const CRYPTO = 'X-Bittensor-Crypto';
const SIGNATURE = 'X-Bittensor-Signature';
const RECEIVER = 'X-Bittensor-Receiver';
const VERSION = 'X-Bittensor-Version';
const n = CAPTURED_NONCE.toString();

const rejected: [string, string, string, (headers: HeaderList) => HeaderList][] = [
  ...([null, ' 1', '2', 'btauth/1', ''] as const).map(
    (value): [string, string, string, (h: HeaderList) => HeaderList] => [
      `version ${value}`,
      'MalformedAuth',
      'malformed-head',
      (h) => withHeader(h, VERSION, value === ' 1' ? '\t1\u00a0' : value),
    ],
  ),
  ['no hotkey', 'MalformedAuth', 'malformed-head', (h) => withHeader(h, HOTKEY, null)],
  ['an empty hotkey', 'MalformedAuth', 'malformed-head', (h) => withHeader(h, HOTKEY, '')],
  ['hotkey 5Dabc', 'MalformedAuth', 'malformed-head', (h) => withHeader(h, HOTKEY, '5Dabc')],
  [
    'a hex public key',
    'MalformedAuth',
    'malformed-head',
    (h) => withHeader(h, HOTKEY, `0x${Buffer.from(V.publicKey).toString('hex')}`),
  ],
  ["another's hotkey", 'BadSignature', 'bad-signature', (h) => withHeader(h, HOTKEY, M.ss58)],
  [
    'the same key with another prefix',
    'MalformedAuth',
    'malformed-head',
    (h) => withHeader(h, HOTKEY, '12pWV6LvG4iAfNpFNTvvkWy3H9H8wtCkjiXupAzo2BCmPViM'),
  ],
  ...[
    null,
    '',
    'abc',
    '1e18',
    `${n}.0`,
    `0x${n}`,
    '1'.repeat(4_301),
    '-5',
    `+${n}`,
    `0${n}`,
    `${n.slice(0, 4)}_${n.slice(4)}`,
  ].map((value): [string, string, string, (h: HeaderList) => HeaderList] => [
    `nonce ${String(value).slice(0, 30)}`,
    'MalformedAuth',
    'malformed-head',
    (h) => withHeader(h, NONCE, value),
  ]),
  ...['ecdsa', '', '1', '0', 'SR25519', 'ed25519'].map(
    (value): [string, string, string, (h: HeaderList) => HeaderList] => [
      `crypto "${value}"`,
      'MalformedAuth',
      'malformed-head',
      (h) => withHeader(h, CRYPTO, value),
    ],
  ),
  ...(
    [
      ['no signature', () => null],
      ['an empty signature', () => ''],
      ['signature 0x', () => '0x'],
      ['odd hex', (s: string) => s.slice(0, -1)],
      ['0X', (s: string) => s.replace('0x', '0X')],
      ['0x twice', (s: string) => `0x${s}`],
      ['no 0x', (s: string) => s.slice(2)],
      ['no hex', (s: string) => s.replace(/..$/, 'zz')],
      ['63 bytes', (s: string) => s.slice(0, -2)],
      ['65 bytes', (s: string) => `0x01${s.slice(2)}`],
    ] as const
  ).map(([name, change]): [string, string, string, (h: HeaderList) => HeaderList] => [
    name,
    'MalformedAuth',
    'signature-form',
    (h) => withHeader(h, SIGNATURE, change(sig(h))),
  ]),
  [
    'a zero signature',
    'BadSignature',
    'bad-signature',
    (h) => withHeader(h, SIGNATURE, `0x${'00'.repeat(64)}`),
  ],
  [
    'the marker bit cleared',
    'BadSignature',
    'bad-signature',
    (h) => {
      const bytes = Buffer.from(sig(h).slice(2), 'hex');
      bytes[63] = (bytes[63] ?? 0) & 0x7f;
      return withHeader(h, SIGNATURE, `0x${bytes.toString('hex')}`);
    },
  ],
  ['no receiver', 'WrongReceiver', 'wrong-receiver', (h) => withHeader(h, RECEIVER, null)],
  ...[V.ss58, '', '-', M.ss58.toLowerCase(), '14kqhSUG3WRFj1zRTmJ9CjH1ZM3qCEcvQhQ4LCPZYu6XVEZ4'].map(
    (value): [string, string, string, (h: HeaderList) => HeaderList] => [
      `receiver ${value}`,
      'WrongReceiver',
      'wrong-receiver',
      (h) => withHeader(h, RECEIVER, value),
    ],
  ),
];

test.each(rejected)('%s is %s', async (_name, className, reason, change) => {
  const { port, events, images } = await door();
  const response = await ask(port, change(btauthHeaders()));
  expect(response.status).toBe(401);
  expect(response.json().message).toMatch(new RegExp(`^${className}: `));
  expect(events.at(-1)).toMatchObject({ type: 'refused', reason, protocol: 'btauth' });
  expect(images).toEqual([]);
  expect((await ask(port, btauthHeaders())).status).toBe(200);
});

test('the receiver removed where none is required makes the signature wrong', async () => {
  const { port } = await door({ requireReceiver: false });
  const response = await ask(port, withHeader(btauthHeaders(), RECEIVER, null));
  expect(response.json().message).toMatch(/^BadSignature/);
  const other = await ask(port, withHeader(btauthHeaders(), RECEIVER, X.ss58));
  expect(other.json().message).toMatch(/^WrongReceiver/);
});

test.each([
  ['exactly 10 s old', -10n * SECOND, 200],
  ['10 s and 1 ns old', -10n * SECOND - 1n, 401],
  ['exactly 2 s ahead', 2n * SECOND, 200],
  ['2 s and 1 ns ahead', 2n * SECOND + 1n, 401],
])('a nonce %s', async (_name, offset, status) => {
  const { port, clock } = await door();
  const response = await ask(port, btauthHeaders({ nonce: clock.nowNs + offset }));
  expect(response.status).toBe(status);
  if (status === 401) expect(response.json().message).toMatch(/^StaleRequest/);
});

test('a wider window by configuration', async () => {
  const { port, clock } = await door({ maxAgeMs: 30_000 });
  expect((await ask(port, btauthHeaders({ nonce: clock.nowNs - 29n * SECOND }))).status).toBe(200);
});

test.each([
  ['one body byte changed', Buffer.from('{"image":"/9j/4EpQRUd="}'), '/predict'],
  ['JSON with a space more', Buffer.from('{"image": "/9j/4EpQRUc="}'), '/predict'],
  ['a query added', BTAUTH_BODY, '/predict?x=1'],
])('%s is BadSignature', async (_name, body, path) => {
  const { port } = await door();
  const response = await ask(port, btauthHeaders(), body, path);
  expect(response.status).toBe(401);
  expect(response.json().message).toMatch(/^BadSignature/);
});

test.each(['/predict/', '/PREDICT', '/%70redict'])('%s is another route', async (path) => {
  const { port } = await door();
  expect((await ask(port, btauthHeaders(), BTAUTH_BODY, path)).status).toBe(404);
});

test('GET is not allowed', async () => {
  const { port } = await door();
  const response = await call({ port, method: 'GET', path: '/predict', headers: btauthHeaders() });
  expect(response.status).toBe(405);
  expect(response.header('allow')).toBe('POST');
});

test('a payload signed for the other scheme is BadSignature', async () => {
  const { port } = await door({ allowEd25519: true });
  const headers = withHeader(btauthHeaders({ scheme: 'ed25519' }), CRYPTO, null);
  expect((await ask(port, headers)).json().message).toMatch(/^BadSignature/);
});

test('a request comes once, and the same nonce with another body is the same request', async () => {
  const { port } = await door();
  expect((await ask(port, btauthHeaders())).status).toBe(200);
  expect((await ask(port, btauthHeaders())).json().message).toMatch(/^ReplayedRequest/);
  const body = Buffer.from('{"image":""}');
  expect((await ask(port, btauthHeaders({ body }), body)).json().message).toMatch(/^ReplayedRequest/);
});

test('an older nonce after a newer one, and two callers with one nonce, are fine', async () => {
  const { port } = await startAxon({ callerPolicy: () => ({ allow: true, stake: 0n }) });
  expect((await ask(port, btauthHeaders({ nonce: CAPTURED_NONCE + 1n }))).status).toBe(200);
  expect((await ask(port, btauthHeaders())).status).toBe(200);
  expect((await ask(port, btauthHeaders({ signer: X }))).status).toBe(200);
});

test('a caller that is not allowed is 403 before its body is read', async () => {
  const { port } = await door();
  const response = await ask(port, btauthHeaders({ signer: X }));
  expect(response.status).toBe(403);
  expect(response.json()).toEqual({ message: 'Forbidden: Not a validator' });
});

test.each(['X-Bittensor-Nonce', 'x-bittensor-receiver', 'X-Bittensor-Drand-Round'])(
  '%s twice is refused',
  async (name) => {
    const { port } = await door();
    const response = await ask(port, [...btauthHeaders(), [name, '1'], [name, '1']]);
    expect(response.status).toBe(400);
  },
);

test('a signature in <Bytes> is not taken', async () => {
  const { port } = await door();
  const headers = btauthHeaders();
  const payload = btauthPayload({
    scheme: 'sr25519',
    method: 'POST',
    target: '/predict',
    bodySha256: createHash('sha256').update(BTAUTH_BODY).digest('hex'),
    nonce: n,
    hotkey: V.ss58,
    receiver: M.ss58,
  });
  const wrapped = Buffer.concat([Buffer.from('<Bytes>'), payload, Buffer.from('</Bytes>')]);
  const signature = `0x${Buffer.from(V.sign(wrapped)).toString('hex')}`;
  expect((await ask(port, withHeader(headers, SIGNATURE, signature))).status).toBe(401);
});

test.each([
  ['text/plain', '{"image":""}', 415],
  ['application/json', '{"image":5}', 422],
  ['application/json', '[]', 422],
  ['application/json', '{', 422],
])('%s %s is %d', async (type, text, status) => {
  const { port } = await door();
  const body = Buffer.from(text);
  const headers = withHeader(btauthHeaders({ body }), 'Content-Type', type);
  const response = await ask(port, headers, body);
  expect(response.status).toBe(status);
  expect(response.json()).toHaveProperty('message');
});
