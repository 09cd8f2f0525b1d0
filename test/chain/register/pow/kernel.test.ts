import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compileKernel,
  instantiateKernel,
  NONCES_PER_RUN,
} from '../../../../src/chain/register/pow/kernel/kernel.ts';
import { sealLimit, sealPrefix, sealWork } from '../../../../src/chain/register/pow/seal.ts';
import { FIRSTS, SUBJECT, WORKS } from './vectors.ts';

const module = compileKernel();
if (module === undefined) throw new Error('this machine has no WebAssembly vectors');
const kernel = instantiateKernel(module);

const top = (prefix: Uint8Array, nonce: bigint) => Buffer.from(sealWork(prefix, nonce)).readBigUInt64LE(24);
const LOW = 2n ** 40n - 1n;

test.each(WORKS)('computes the work of nonce %s', (nonce, work) => {
  const tail = Buffer.from(work, 'hex').readBigUInt64LE(24);
  const at = { prefix: sealPrefix(SUBJECT), low: nonce & LOW, first: Number(nonce >> 40n), count: 1 };
  expect(kernel.run({ ...at, limit: tail })).toBe(at.first);
  expect(kernel.run({ ...at, limit: tail - 1n })).not.toBe(at.first);
});

test.each(FIRSTS)('finds what meets difficulty %s: nonce %s', (difficulty, nonce) => {
  const limit = sealLimit(difficulty) >> 192n;
  expect(kernel.run({ prefix: sealPrefix(SUBJECT), low: nonce, first: 0, count: 4, limit })).toBe(0);
});

test('finds the same first nonce as the plain hashes, for any prefix and place', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      bytes(123),
      fc.bigInt(0n, LOW),
      fc.nat(NONCES_PER_RUN / 4 - 16).map((n) => 4 * n),
      (prefix, low, first) => {
        const tops = Array.from({ length: 64 }, (_, i) => top(prefix, low + (BigInt(first + i) << 40n)));
        const least = tops.reduce((a, b) => (a < b ? a : b));
        expect(kernel.run({ prefix, low, first, count: 64, limit: least })).toBe(first + tops.indexOf(least));
        expect(kernel.run({ prefix, low, first, count: 64, limit: least - 1n })).toBe(-1);
      },
    ),
    { numRuns: 40 },
  );
});
