import { afterEach, beforeEach, expect, it } from 'vitest';
import { Sv72Error } from '../../src/errors/index.ts';
import { natixServer, registerWithNatix } from '../../src/natix/index.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { type NatixDouble, startNatixDouble } from '../support/natix/server.ts';

let double: NatixDouble;
beforeEach(async () => {
  double = await startNatixDouble();
});
afterEach(async () => await double.close());

const hotkey = keypairFromSeed(new Uint8Array(32).fill(0x11));
const stranger = keypairFromSeed(new Uint8Array(32).fill(0x33));

const register = async (
  more: { waitMs?: number; uid?: number; signal?: AbortSignal; modelRepo?: string } = {},
) =>
  await registerWithNatix({
    server: natixServer({ url: double.url, timeoutMs: 2_000 }),
    uid: 88,
    hotkey,
    modelRepo: 'user/model',
    pollMs: 1,
    ...more,
  });

it('sends one signed registration and waits for its end', async () => {
  double.script.push('pending', 'queued', 'processing', '', 'success');
  expect(await register({ waitMs: 20_000 })).toEqual({
    state: 'succeeded',
    sent: true,
    detail: 'Registration request accepted',
    error: null,
  });
  expect(double.accepted.map(({ uid, type }) => [uid, type])).toEqual([['88', 'miner']]);
});

it('is pending when the time is over, and goes on without sending again', async () => {
  expect(await register()).toMatchObject({ state: 'pending', sent: true });
  expect(await register()).toMatchObject({ state: 'pending', sent: false });
  double.script.push('succeeded');
  expect(await register()).toMatchObject({ state: 'succeeded', sent: false });
  expect(await register()).toMatchObject({ state: 'succeeded', sent: false });
  expect(double.accepted).toHaveLength(1);
});

it('tells why it failed, and a new run tries again', async () => {
  double.why = 'model not\u001b[31m found';
  double.script.push('failed');
  expect(await register()).toEqual({
    state: 'failed',
    sent: true,
    detail: 'Registration request accepted',
    error: 'model not [31m found',
  });
  double.script.push('error', 'success');
  expect(await register()).toMatchObject({ state: 'succeeded', sent: true });
  expect(double.accepted).toHaveLength(2);
});

it('takes no other miner’s registration of the same UID for its own', async () => {
  double.participants.set('88', { hotkey: stranger.ss58, status: 'succeeded' });
  expect(await register()).toMatchObject({ state: 'pending', sent: true });
});

it.each([
  [{ status: 400, body: '{"detail":"no such\\u001b[2J miner"}' }, 'ERR_NATIX_REFUSED'],
  [{ status: 422, body: '{"detail":[{"loc":["body","uid"]}]}' }, 'ERR_NATIX_REFUSED'],
  [{ status: 500, body: 'oops' }, 'ERR_NATIX_UNREACHABLE'],
  [{ status: 429, body: '{}' }, 'ERR_NATIX_UNREACHABLE'],
  [{ status: 200, body: '<html>' }, 'ERR_NATIX_UNREACHABLE'],
  [{ status: 200, body: `{"a":"${'x'.repeat(100_000)}"}` }, 'ERR_NATIX_UNREACHABLE'],
  [{ status: 200, body: '[]' }, 'ERR_NATIX_UNREACHABLE'],
])('an answer %o is an error with a name', async (misbehave, code) => {
  double.misbehave = misbehave;
  const error = await register().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Sv72Error);
  expect(error.code).toBe(code);
  expect(error.message).not.toMatch(/\p{Cc}/u);
});

it('does not wait for ever', async () => {
  double.misbehave = 'hang';
  const server = natixServer({ url: double.url, timeoutMs: 50 });
  await expect(registerWithNatix({ server, uid: 1, hotkey, modelRepo: 'a/b' })).rejects.toMatchObject({
    code: 'ERR_NATIX_UNREACHABLE',
  });
});

it('a server that is not there is unreachable', async () => {
  const { url } = double;
  await double.close();
  await expect(natixServer({ url }).status(1)).rejects.toMatchObject({
    code: 'ERR_NATIX_UNREACHABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  double = await startNatixDouble();
});

it('can be interrupted while it waits', async () => {
  const controller = new AbortController();
  const waiting = register({ waitMs: 60_000, signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
});

it.each(['hydra', 'ftp://x', 'https://user:secret@x'])('refuses %s as a server', (url) => {
  expect(() => natixServer({ url })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
});
