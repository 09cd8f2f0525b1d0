import { expect, test } from 'vitest';
import { createAdmission, type FallbackReason } from '../../src/axon/index.ts';
import { CAPTURED_NONCE, startAxon } from './support/axon.ts';
import { call } from './support/http.ts';
import { challenge } from './support/requests.ts';

const never = () => new Promise<never>(() => {});

/** A timeout so short that waiting for the deadline is no wait. */
const HASTY = { timeout: '0.2' };

test.each([
  ['throws', () => Promise.reject(new Error('secret /home/user'))],
  [
    'throws before its first await',
    () => {
      throw new Error('secret /home/user');
    },
  ],
  ['rejects with nothing', () => Promise.reject()],
])('E 46: an answer function that %s is a 500 without details', async (_name, answer) => {
  const { port, events } = await startAxon({ answer });
  const response = await call(challenge(port));
  expect(response.status).toBe(500);
  expect(response.json().message).toMatch(/^Internal Server Error #[0-9a-f-]{36}$/);
  expect(response.body + response.rawHeaders.join()).not.toContain('secret');
  expect(response.header('bt_header_axon_status_code')).toBe('500');
  expect(events.map(({ type }) => type)).toEqual(['crash', 'failed']);
  const [crash, failed] = events;
  expect(response.body).toContain(crash?.type === 'crash' ? crash.id : 'no crash');
  expect(failed).toMatchObject({ reason: 'crash', status: 500 });
});

test('the next request is served after a crash', async () => {
  let calls = 0;
  const { port } = await startAxon({
    answer: async () => {
      calls += 1;
      if (calls === 1) throw new Error('once');
      return { prediction: 1 };
    },
  });
  expect((await call(challenge(port))).status).toBe(500);
  expect((await call(challenge(port, { nonce: CAPTURED_NONCE + 1n }))).status).toBe(200);
});

test.each([
  ['E 47: NaN', { prediction: Number.NaN }],
  ['no prediction', JSON.parse('{}')],
])('%s is never sent', async (_name, answer) => {
  const { port } = await startAxon({ answer: async () => answer });
  const response = await call(challenge(port));
  expect(response.status).toBe(500);
  expect(response.json().message).toMatch(/^Internal Server Error #/);
});

test('E 47: NaN is replaced by the fallback', async () => {
  const { port, events } = await startAxon({
    answer: async () => ({ prediction: Number.NaN }),
    fallback: () => 0.4,
  });
  expect((await call(challenge(port))).json().prediction).toBe(0.4);
  expect(events).toMatchObject([{ type: 'answered', fallback: 'not-a-number', prediction: 0.4 }]);
});

test.each([
  [-3, 0],
  [7, 1],
  [Number.POSITIVE_INFINITY, 1],
  [Number.NEGATIVE_INFINITY, 0],
  [-0, 0],
  [5e-324, 5e-324],
])('a prediction of %d is sent as %d', async (given, sent) => {
  const { port } = await startAxon({ answer: async () => ({ prediction: given }) });
  expect((await call(challenge(port))).json().prediction).toBe(sent);
});

test('an answer that never comes is a 408 before the caller gives up', async () => {
  const { port, events } = await startAxon({ answer: never });
  const response = await call(challenge(port, HASTY));
  expect(response.status).toBe(408);
  expect(response.json().message).toMatch(/^Response timeout after: \d+\.\ds$/);
  expect(events).toMatchObject([{ type: 'failed', reason: 'deadline' }]);
});

test('a guess beats a timeout', async () => {
  const reasons: FallbackReason[] = [];
  const { port, events } = await startAxon({
    answer: never,
    fallback: (_request, reason) => {
      reasons.push(reason);
      return 0.25;
    },
  });
  const response = await call(challenge(port, HASTY));
  expect(response.status).toBe(200);
  expect(response.json().prediction).toBe(0.25);
  expect(reasons).toEqual(['deadline']);
  expect(events).toMatchObject([{ type: 'answered', fallback: 'deadline' }]);
});

test('a fallback that throws is a failure like any other', async () => {
  const { port } = await startAxon({
    answer: never,
    fallback: () => {
      throw new Error('secret');
    },
  });
  const response = await call(challenge(port, HASTY));
  expect(response.status).toBe(408);
  expect(response.body).not.toContain('secret');
});

test('the deadline ends what the answer function was doing', async () => {
  const aborted = Promise.withResolvers<boolean>();
  const { port } = await startAxon({
    answer: async (request) => {
      request.signal.addEventListener('abort', () => aborted.resolve(true));
      return never();
    },
  });
  await call(challenge(port, HASTY));
  expect(await aborted.promise).toBe(true);
});

test('a late rejection after the deadline disturbs nobody', async () => {
  const late = Promise.withResolvers<{ prediction: number }>();
  const { port, events } = await startAxon({ answer: () => late.promise });
  expect((await call(challenge(port, HASTY))).status).toBe(408);
  late.reject(new Error('too late'));
  expect((await call(challenge(port, { ...HASTY, nonce: CAPTURED_NONCE + 1n }))).status).toBe(500);
  expect(events.filter(({ type }) => type === 'failed')).toHaveLength(2);
});

test('what admission drops gets the fallback, or an error', async () => {
  const release = Promise.withResolvers<{ prediction: number }>();
  const admission = createAdmission({ concurrency: 1, maxWaiting: 1 });
  const busy = { answer: () => release.promise, admission };
  const axon = await startAxon({
    ...busy,
    fallback: (_request, reason) => (reason === 'overload' ? 0.5 : undefined),
  });
  const ask = (n: number) => call(challenge(axon.port, { nonce: CAPTURED_NONCE + BigInt(n) }));
  const first = ask(0);
  await expect.poll(() => admission.stats().active).toBe(1);
  const second = ask(1);
  await expect.poll(() => admission.stats().waiting).toBe(1);
  const third = await ask(2);
  expect(third.json().prediction).toBe(0.5);
  release.resolve({ prediction: 0.9 });
  expect((await first).json().prediction).toBe(0.9);
  expect((await second).json().prediction).toBe(0.9);
});

test('an observer that throws is ignored', async () => {
  const { port } = await startAxon({
    observer: () => {
      throw new Error('observer');
    },
  });
  expect((await call(challenge(port))).status).toBe(200);
  expect((await call({ port, path: '/' })).status).toBe(404);
});
