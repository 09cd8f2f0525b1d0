import { expect, test } from 'vitest';
import { createVerifier } from '../../src/axon/index.ts';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call, rawSocket } from './support/http.ts';
import { M, X } from './support/keys.ts';
import {
  challenge,
  type HeaderList,
  type SynapseOptions,
  synapseBody,
  synapseHeaders,
  UUID,
  withHeader,
} from './support/requests.ts';

const SECOND = 1_000_000_000n;
const SIGNATURE = 'bt_header_dendrite_signature';

function post(port: number, headers: HeaderList, body = synapseBody()) {
  return call({ port, path: '/ImageSynapse', headers, body });
}

test('E 24: a caller that is not allowed gets 403 with no signature check and no look at its body', async () => {
  const verifier = createVerifier();
  const { port, events } = await startAxon({ verifier });
  const socket = await rawSocket(port);
  const head = synapseHeaders({ signer: X }).map(([name, value]) => `${name}: ${value}\r\n`);
  // Of the announced body not a single byte is sent.
  socket.write(`POST /ImageSynapse HTTP/1.1\r\nHost: a\r\n${head.join('')}Content-Length: 1000\r\n\r\n`);
  const text = await socket.until((seen) => seen.endsWith('}'));
  expect(text).toMatch(/^HTTP\/1\.1 403 /);
  expect(text).toContain(
    'bt_header_axon_status_message: Forbidden. Key is blacklisted: Not a validator.\r\n',
  );
  expect(text).toContain('{"message":"Forbidden. Key is blacklisted: Not a validator."}');
  expect(verifier.stats()).toMatchObject({ valid: 0, invalid: 0, waiting: 0 });
  expect(events).toMatchObject([{ reason: 'not-permitted', claimedHotkey: X.ss58 }]);
  socket.socket.destroy();
});

test('E 25: no hotkey is 403', async () => {
  const { port } = await startAxon();
  const response = await post(port, withHeader(synapseHeaders(), 'bt_header_dendrite_hotkey', null));
  expect(response.status).toBe(403);
  expect(response.body).toContain('Forbidden. Key is blacklisted: Missing dendrite hotkey.');
});

test('E 26: no nonce is 401', async () => {
  const { port } = await startAxon();
  const response = await post(port, withHeader(synapseHeaders(), 'bt_header_dendrite_nonce', null));
  expect(response.status).toBe(401);
  expect(response.json()).toEqual({ message: 'Not Verified with error: Missing Nonce' });
  expect(response.header('bt_header_dendrite_ip')).toBe('127.0.0.1');
});

test.each(['abc', '-1', '1'.repeat(30), '1_000', '+5', '1e18', '0x12', '１２'])(
  'E 27: nonce %s is refused',
  async (nonce) => {
    const { port } = await startAxon();
    const bytes = Buffer.from(nonce, 'utf8').toString('latin1');
    const response = await post(port, withHeader(synapseHeaders(), 'bt_header_dendrite_nonce', bytes));
    expect(response.status).toBe(400);
    expect((await call(challenge(port))).status).toBe(200);
  },
);

test('a nonce with leading zeros counts as its number', async () => {
  const { port } = await startAxon();
  const nonce = `0${CAPTURED_NONCE}`;
  const padded = { nonce, signedNonce: CAPTURED_NONCE.toString() };
  const response = await call(challenge(port, padded));
  expect(response.status).toBe(200);
  expect(response.json()).toMatchObject({ prediction: 0.73 });
  expect((await call(challenge(port))).status).toBe(401);
});

test('E 28: a request comes once', async () => {
  const { port, events } = await startAxon();
  const request = challenge(port);
  expect((await call(request)).status).toBe(200);
  const second = await call(request);
  expect(second.status).toBe(401);
  expect(second.body).toContain('Nonce is too old, a newer one was last processed');
  expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'replay' });
});

test('the same request sent twice at once is answered once', async () => {
  const { port } = await startAxon();
  const request = challenge(port);
  const statuses = await Promise.all([call(request), call(request), call(request)]);
  expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
});

test('E 29: 14 s are too old for a timeout of 9', async () => {
  const { port, clock } = await startAxon();
  const response = await call(challenge(port, { nonce: clock.nowNs - 14n * SECOND }));
  expect(response.status).toBe(401);
  expect(response.json()).toEqual({
    message:
      'Not Verified with error: Nonce is too old: acceptable delta is 13.00 seconds but request was 14.00 seconds old',
  });
});

test('the edge of the window is where the SDK has it', async () => {
  const { port, clock } = await startAxon();
  const edge = clock.nowNs - 13n * SECOND;
  expect((await call(challenge(port, { nonce: edge }))).status).toBe(401);
  expect((await call(challenge(port, { nonce: edge + 1n }))).status).toBe(200);
});

test('freshness is asked of later requests, too', async () => {
  const { port, clock } = await startAxon();
  expect((await call(challenge(port))).status).toBe(200);
  clock.advance(60);
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }))).status).toBe(401);
});

test.each(['7001000', null])('E 30: version %s does not lift the freshness check', async (version) => {
  const { port } = await startAxon();
  const headers = withHeader(synapseHeaders({ nonce: 1n }), 'bt_header_dendrite_version', version);
  expect((await post(port, headers)).status).toBe(401);
});

test.each(['100000', 'inf', 'nan', '1e308', '-5'])(
  'E 31: timeout %s does not stretch the window to an hour',
  async (timeout) => {
    const { port, clock } = await startAxon();
    const nonce = clock.nowNs - 3_600n * SECOND;
    expect((await call(challenge(port, { timeout, nonce }))).status).toBe(401);
  },
);

test('a timeout that is no number is refused', async () => {
  const { port } = await startAxon();
  expect((await call(challenge(port, { timeout: 'soon' }))).status).toBe(400);
});

test('E 32: what was accepted before a restart is not accepted after it', async () => {
  const before = await startAxon();
  const request = challenge(before.port);
  expect((await call(request)).status).toBe(200);
  await before.axon.close();
  const after = await startAxon({ clock: { ...before.clock, wallNs: () => CAPTURED_NONCE + SECOND } });
  expect((await call({ ...request, port: after.port })).status).toBe(401);
});

test('a clock that is set back after the start takes no honest nonce for one from before it', async () => {
  const { port, clock } = await startAxon();
  clock.nowNs -= 3_600n * SECOND;
  const request = challenge(port, { nonce: clock.nowNs });
  expect((await call(request)).status).toBe(200);
  expect((await call(request)).status).toBe(401);
});

test('E 32, with a clock that was ahead at the restart and is set back: still not accepted again', async () => {
  const before = await startAxon();
  const request = challenge(before.port);
  expect((await call(request)).status).toBe(200);
  await before.axon.close();
  let wallNs = CAPTURED_NONCE + 3_600n * SECOND;
  const clock = { monotonicMs: () => 5_000, wallNs: () => wallNs };
  const after = await startAxon({ clock });
  wallNs = CAPTURED_NONCE + 2n * SECOND;
  expect((await call({ ...request, port: after.port })).status).toBe(401);
});

test.each([
  ['E 33: missing', null, 'Missing signature'],
  ['E 34: empty', '', 'Missing signature'],
  ['E 35: without 0x', 'ab'.repeat(64), 'Invalid signature format'],
  ['E 36: short', `0x${'ab'.repeat(63)}`, 'Invalid signature format'],
  ['long', `0x${'ab'.repeat(65)}`, 'Invalid signature format'],
  ['no hex', `0x${'zz'.repeat(64)}`, 'Invalid signature format'],
  ['0x twice', `0x0x${'ab'.repeat(63)}`, 'Invalid signature format'],
  ['E 37: zero', `0x${'00'.repeat(64)}`, 'Signature mismatch'],
])('%s signature is 401', async (_name, value, text) => {
  const { port } = await startAxon();
  const response = await post(port, withHeader(synapseHeaders(), SIGNATURE, value));
  expect(response.status).toBe(401);
  expect(response.body).toContain(`Not Verified with error: ${text}`);
});

const forgeries: [string, SynapseOptions, HeaderList][] = [
  ['E 38: for another axon', { axonHotkey: X.ss58 }, []],
  ['E 39: with another body hash', {}, [['computed_body_hash', 'ab'.repeat(32)]]],
  ['with another nonce', { signedNonce: '5' }, []],
  ['with another uuid', {}, [['bt_header_dendrite_uuid', 'other']]],
];

test.each(forgeries)('a signature %s is 401', async (_name, options, changes) => {
  const { port, images } = await startAxon();
  let headers = synapseHeaders(options);
  for (const [name, value] of changes) headers = withHeader(headers, name, value);
  expect((await post(port, headers)).status).toBe(401);
  expect(images).toEqual([]);
});

test('E 39: a signed body hash that no ImageSynapse has is a mismatch', async () => {
  const { port, images } = await startAxon();
  const response = await post(port, synapseHeaders({ bodyHash: 'ab'.repeat(32) }));
  expect(response.status).toBe(500);
  expect(response.json().message).toMatch(/^Internal Server Error #[0-9a-f-]{36}$/);
  expect(images).toEqual([]);
});

test('E 40: requests without a valid signature do not use up nonces', async () => {
  const { port, clock } = await startAxon();
  const unsigned = withHeader(synapseHeaders({ nonce: 10n ** 19n }), SIGNATURE, null);
  expect((await post(port, unsigned)).status).toBe(401);
  const forged = withHeader(synapseHeaders({ nonce: clock.nowNs }), SIGNATURE, `0x${'11'.repeat(64)}`);
  expect((await post(port, forged)).status).toBe(401);
  expect((await call(challenge(port, { nonce: clock.nowNs }))).status).toBe(200);
});

test.each([
  'bt_header_dendrite_nonce',
  'bt_header_dendrite_hotkey',
  'bt_header_dendrite_signature',
  'bt_header_dendrite_uuid',
  'computed_body_hash',
  'timeout',
])('E 54: %s twice is refused', async (name) => {
  const { port, events } = await startAxon();
  const headers = synapseHeaders();
  const value = headers.find(([key]) => key === name)?.[1] ?? '';
  const response = await post(port, [...headers, [name.toUpperCase(), value]]);
  expect(response.status).toBe(400);
  expect(events).toMatchObject([{ reason: 'malformed-head' }]);
});

test('a hotkey that is no address is refused even where anyone may ask', async () => {
  const { port } = await startAxon({ callerPolicy: () => ({ allow: true, stake: 0n }) });
  for (const hotkey of [
    '5Dabc',
    'x',
    M.ss58.slice(0, -1),
    '12pWV6LvG4iAfNpFNTvvkWy3H9H8wtCkjiXupAzo2BCmPViM',
  ]) {
    const response = await post(port, withHeader(synapseHeaders(), 'bt_header_dendrite_hotkey', hotkey));
    expect(response.status).toBe(401);
    expect(response.body).toContain('Invalid SS58 address');
  }
});

test('the hotkey header of the axon decides nothing: the own hotkey does', async () => {
  const { port } = await startAxon();
  const headers = withHeader(synapseHeaders(), 'bt_header_axon_hotkey', X.ss58);
  expect((await post(port, headers)).status).toBe(200);
});

test('refusals echo the request within bounds and tell the real peer', async () => {
  const { port } = await startAxon();
  const headers = withHeader(synapseHeaders({ signedNonce: '1' }), 'bt_header_axon_ip', 'é'.repeat(500));
  const response = await post(port, headers);
  expect(response.status).toBe(401);
  expect(response.header('name')).toBe('ImageSynapse');
  expect(response.header('timeout')).toBe('9.0');
  expect(response.header('bt_header_axon_ip')).toBe('?'.repeat(128));
  expect(response.header('bt_header_dendrite_ip')).toBe('127.0.0.1');
  expect(response.header('bt_header_dendrite_uuid')).toBe(UUID);
});

test('a policy that throws is a 500 that says nothing, and the next request is served', async () => {
  let calls = 0;
  const { port, events } = await startAxon({
    callerPolicy: () => {
      calls += 1;
      if (calls === 1) throw new Error('secret detail');
      return { allow: true, stake: 0n };
    },
  });
  const response = await call(challenge(port));
  expect(response.status).toBe(500);
  expect(response.body).not.toContain('secret');
  expect(events[0]).toMatchObject({ type: 'crash' });
  expect((await call(challenge(port))).status).toBe(200);
});
