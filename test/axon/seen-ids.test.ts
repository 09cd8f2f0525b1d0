import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Digest, digester, SeenIds } from '../../src/axon/seen-ids.ts';

/** Few different values, so that digests meet in the table. */
const digest = fc.tuple(fc.bigInt({ min: 0n, max: 40n }), fc.bigInt({ min: 0n, max: 3n }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), digest, nonce: fc.bigInt(0n, 99n) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('removeFirst' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('keep' as const), from: fc.bigInt(0n, 99n) }) },
);

test('it is a set in order of arrival, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const ids = new SeenIds();
      let model = new Map<string, bigint>();
      for (const one of steps) {
        if (one.do === 'add') {
          ids.add(one.digest, one.nonce);
          if (!model.has(String(one.digest))) model.set(String(one.digest), one.nonce);
        } else if (one.do === 'removeFirst') {
          ids.removeFirst();
          for (const first of [...model.keys()].slice(0, 1)) model.delete(first);
        } else {
          ids.keep((nonce) => nonce >= one.from);
          model = new Map([...model].filter(([, nonce]) => nonce >= one.from));
        }
        expect(ids.nonces()).toEqual([...model.values()]);
        expect(ids.first).toBe([...model.values()][0]);
      }
      for (let a = 0n; a <= 40n; a++) {
        for (let b = 0n; b <= 3n; b++) expect(ids.has([a, b])).toBe(model.has(String([a, b])));
      }
    }),
  );
});

test('what was added last is found after any number of additions and removals', () => {
  const ids = new SeenIds();
  const digestOf = digester();
  const recent: Digest[] = [];
  for (let i = 0; i < 20_000; i++) {
    recent.push(digestOf(`${i}`));
    ids.add(recent.at(-1) as Digest, BigInt(i));
    if (recent.length <= 1_000) continue;
    expect(ids.has(recent[0] as Digest)).toBe(true);
    ids.removeFirst();
    expect(ids.has(recent.shift() as Digest)).toBe(false);
  }
  expect(recent.every((one) => ids.has(one))).toBe(true);
});

test('another process digests otherwise', () => {
  expect(digester()('id')).not.toEqual(digester()('id'));
});
