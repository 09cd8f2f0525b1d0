import { expect, test } from 'vitest';
import { type CheckSource, createVerifier } from '../../src/axon/verifier.ts';
import { M, V, V_ED25519 } from './support/keys.ts';

const text = (name: string) => Buffer.from(name);

function source(address: string, session = 'session'): CheckSource {
  return { address, session, connection: { valid: 0, invalid: 0, closed: false } };
}

function signed(name: string, from: CheckSource, signer = V) {
  return {
    scheme: signer.cryptoType,
    publicKey: signer.publicKey,
    message: text(name),
    signature: signer.sign(text(name)),
    allowWrapped: false,
    source: from,
  };
}

function forged(name: string, from: CheckSource) {
  return { ...signed(name, from), message: text(`${name}, changed`) };
}

/** Order in which checks are finished when all are asked at once. */
async function order(checks: [string, Promise<unknown>][]): Promise<string[]> {
  const finished: string[] = [];
  await Promise.all(checks.map(([name, check]) => check.then(() => finished.push(name))));
  return finished;
}

test('both schemes, and wrapped messages where they are allowed', async () => {
  const verifier = createVerifier();
  expect(await verifier.check(signed('a', source('1')))).toBe('valid');
  expect(await verifier.check(signed('a', source('1'), V_ED25519))).toBe('valid');
  expect(await verifier.check(forged('a', source('1')))).toBe('invalid');
  const wrapped = { ...signed('<Bytes>a</Bytes>', source('1')), message: text('a') };
  expect(await verifier.check(wrapped)).toBe('invalid');
  expect(await verifier.check({ ...wrapped, message: text('b'), allowWrapped: true })).toBe('invalid');
  const other = { ...signed('<Bytes>c</Bytes>', source('1')), message: text('c'), allowWrapped: true };
  expect(await verifier.check(other)).toBe('valid');
  expect(await verifier.check({ ...signed('a', source('1')), publicKey: M.publicKey })).toBe('invalid');
  expect(await verifier.check({ ...signed('a', source('1')), publicKey: new Uint8Array(32) })).toBe(
    'invalid',
  );
});

test('what failed once is not computed again', async () => {
  const verifier = createVerifier();
  const check = forged('a', source('1'));
  for (let i = 0; i < 5; i++) expect(await verifier.check(check)).toBe('invalid');
  expect(verifier.stats()).toMatchObject({ invalid: 1, repeated: 4 });
});

test('a failure does not stand in the way of the same signature over the right message', async () => {
  const verifier = createVerifier();
  expect(await verifier.check(forged('a', source('1')))).toBe('invalid');
  expect(await verifier.check(signed('a', source('1')))).toBe('valid');
});

test('addresses take turns', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  const flood = Array.from({ length: 6 }, (_, i): [string, Promise<unknown>] => [
    `flood ${i}`,
    verifier.check(forged(`f${i}`, source('10.0.0.1'))),
  ]);
  const lone: [string, Promise<unknown>] = ['lone', verifier.check(signed('l', source('10.0.0.2')))];
  expect((await order([...flood, lone])).indexOf('lone')).toBe(1);
});

test('connections that authenticated go before strangers, strangers before those that failed', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  const honest = source('10.0.0.1');
  const liar = source('10.0.0.2');
  expect(await verifier.check(signed('hello', honest))).toBe('valid');
  expect(await verifier.check(forged('lie', liar))).toBe('invalid');
  const finished = await order([
    ['liar', verifier.check(forged('lie 2', liar))],
    ['stranger', verifier.check(signed('s', source('10.0.0.3')))],
    ['honest', verifier.check(signed('h', honest))],
  ]);
  expect(finished).toEqual(['honest', 'stranger', 'liar']);
});

test('a session that authenticated is known again on a new connection, at its own address only', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  await verifier.check(signed('hello', source('10.0.0.1', 'V uuid')));
  const finished = await order([
    ['elsewhere', verifier.check(signed('e', source('10.0.0.9', 'V uuid')))],
    ['same address', verifier.check(signed('n', source('10.0.0.1', 'other')))],
    ['session', verifier.check(signed('s', source('10.0.0.1', 'V uuid')))],
  ]);
  expect(finished).toEqual(['session', 'same address', 'elsewhere']);
});

test('junk from the own address does not cost a proved connection its turn', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  const honest = source('10.0.0.1');
  await verifier.check(signed('hello', honest));
  const junk = Array.from({ length: 20 }, (_, i): [string, Promise<unknown>] => [
    `junk ${i}`,
    verifier.check(forged(`j${i}`, source('10.0.0.1', `junk ${i}`))),
  ]);
  const mine: [string, Promise<unknown>] = ['mine', verifier.check(signed('m', honest))];
  expect((await order([...junk, mine]))[0]).toBe('mine');
});

test('a proved connection stays ahead of liars who know its session', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  const honest = source('10.0.0.1', 'V uuid');
  await verifier.check(signed('hello', honest));
  const lies = Array.from({ length: 6 }, (_, i): [string, Promise<unknown>] => [
    `lie ${i}`,
    verifier.check(forged(`l${i}`, source('10.0.0.1', 'V uuid'))),
  ]);
  const mine: [string, Promise<unknown>] = ['mine', verifier.check(signed('m', honest))];
  expect((await order([...lies, mine]))[0]).toBe('mine');
  // Now the session itself is in doubt: on a new connection it is no better than a stranger.
  const finished = await order([
    ['stranger', verifier.check(signed('s', source('10.0.0.7')))],
    ['session', verifier.check(signed('n', source('10.0.0.1', 'V uuid')))],
  ]);
  expect(finished).toEqual(['stranger', 'session']);
});

test('the lowest rank is served now and then, whoever else asks', async () => {
  const verifier = createVerifier({ strangerShare: 100 });
  const honest = source('10.0.0.1');
  const liar = source('10.0.0.2');
  await verifier.check(signed('hello', honest));
  await verifier.check(forged('lie', liar));
  const finished = await order([
    ['liar', verifier.check(forged('lie 2', liar))],
    ...Array.from({ length: 30 }, (_, i): [string, Promise<unknown>] => [
      `honest ${i}`,
      verifier.check(signed(`h${i}`, honest)),
    ]),
  ]);
  expect(finished.indexOf('liar')).toBeGreaterThan(0);
  expect(finished.indexOf('liar')).toBeLessThan(9);
});

test('strangers have a share of the time, the proved have all of it', async () => {
  let ms = 0;
  // Each look at the clock takes a millisecond, so every check seems long.
  const verifier = createVerifier({ now: () => (ms += 1), strangerShare: 0.01, sliceMs: 1_000_000 });
  const honest = source('10.0.0.1');
  await verifier.check(signed('hello', honest));
  for (let i = 0; i < 50; i++) void verifier.check(forged(`s${i}`, source(`10.1.0.${i}`, `s${i}`)));
  for (let i = 0; i < 20; i++) expect(await verifier.check(signed(`h${i}`, honest))).toBe('valid');
  expect(verifier.stats().waiting).toBeGreaterThan(0);
});

test('whoever authenticated does not wait until strangers may have their turn', async () => {
  let ms = 0;
  // A hundredth of a percent for strangers: after their first check they wait for minutes.
  const verifier = createVerifier({ now: () => (ms += 1), strangerShare: 0.0001 });
  const honest = source('10.0.0.1');
  await verifier.check(signed('hello', honest));
  for (let i = 0; i < 50; i++) void verifier.check(forged(`s${i}`, source(`10.1.0.${i}`, `s${i}`)));
  await expect.poll(() => verifier.stats().invalid).toBeGreaterThan(0);
  expect(verifier.stats().waiting).toBeGreaterThan(0);
  expect(await verifier.check(signed('again', honest))).toBe('valid');
});

test('too many waiting are refused, from one address and in all', async () => {
  const verifier = createVerifier({ maxWaiting: 5, maxWaitingPerAddress: 3 });
  const ask = (i: number, address: string) => verifier.check(forged(`${i}`, source(address)));
  const first = [1, 2, 3].map((i) => ask(i, '10.0.0.1'));
  expect(await ask(4, '10.0.0.1')).toBe('busy');
  const others = [5, 6].map((i) => ask(i, `10.0.0.${i}`));
  expect(await ask(7, '10.0.0.7')).toBe('busy');
  expect(await Promise.all([...first, ...others])).toEqual(Array(5).fill('invalid'));
  expect(verifier.stats()).toMatchObject({ waiting: 0, busy: 2 });
  expect(await ask(8, '10.0.0.1')).toBe('invalid');
});

test('a closed connection is not worth a check', async () => {
  const verifier = createVerifier();
  const gone = { ...source('10.0.0.1'), connection: { valid: 0, invalid: 0, closed: false } };
  const check = verifier.check(signed('a', gone));
  gone.connection.closed = true;
  expect(await check).toBe('gone');
  expect(verifier.stats()).toMatchObject({ valid: 0, waiting: 0 });
});
