import { expect, test } from 'vitest';
import { KeyCache } from '../../src/axon/keys.ts';
import { keypairFromSeed } from '../../src/wallet/index.ts';

const message = Buffer.from('message');
const bad = Buffer.alloc(64, 0x80);
const [A, B, C] = [1, 2, 3].map((seed) => keypairFromSeed(Buffer.alloc(32, seed))) as [
  ReturnType<typeof keypairFromSeed>,
  ReturnType<typeof keypairFromSeed>,
  ReturnType<typeof keypairFromSeed>,
];

function cache(listed: number) {
  const keys = new KeyCache({ listed, proved: 1 });
  return {
    check: (signer: typeof A, stake?: bigint, signature: Uint8Array = bad) =>
      keys.verifySr25519(signer.publicKey, [message], signature, stake),
    tables: () => [A, B, C].filter(({ publicKey }) => keys.hasTable(publicKey)),
    prepare: (signer: typeof A) => keys.prepare(signer.publicKey),
  };
}

test('a caller known by name has a table from its first check on, however that ends', () => {
  const { check, tables } = cache(3);
  expect(check(A, 0n)).toBe(false);
  expect(check(B, 7n, B.sign(message))).toBe(true);
  expect(check(C)).toBe(false);
  expect(tables()).toEqual([A, B]);
  expect(check(A, 0n, A.sign(message))).toBe(true);
});

test('the number of tables is limited: more stake takes the place of less, never of the same', () => {
  const { check, tables } = cache(2);
  check(A, 5n);
  check(B, 3n);
  check(C, 3n);
  expect(tables()).toEqual([A, B]);
  check(C, 4n);
  expect(tables()).toEqual([A, C]);
  // What counts is the stake at the last check.
  check(A, 1n);
  check(B, 2n);
  expect(tables()).toEqual([B, C]);
  expect(check(A, 1n, A.sign(message))).toBe(true);
});

test('others get a table when they have proved themselves, one after the other', () => {
  const { tables, prepare } = cache(1);
  prepare(A);
  prepare(B);
  expect(tables()).toEqual([B]);
});

test('bytes that are no key', () => {
  const keys = new KeyCache({ listed: 1, proved: 1 });
  expect(keys.verifySr25519(Buffer.alloc(32, 0xff), [message], bad, 1n)).toBe(false);
  expect(keys.hasTable(Buffer.alloc(32, 0xff))).toBe(false);
});
