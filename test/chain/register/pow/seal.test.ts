import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectiveDifficulty,
  meetsDifficulty,
  sealLimit,
  sealPrefix,
  sealWork,
} from '../../../../src/chain/register/pow/seal.ts';
import { FIRSTS, PREFIX, SUBJECT, WORKS } from './vectors.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the proof of work of a registration', () => {
  test('hashes this prefix', () => {
    expect(hex(sealPrefix(SUBJECT))).toBe(PREFIX);
  });

  test.each(WORKS)('has for nonce %s the work that the official SDK computes', (nonce, work) => {
    expect(hex(sealWork(sealPrefix(SUBJECT), nonce))).toBe(work);
  });

  test.each(FIRSTS)('meets difficulty %s with nonce %s', (difficulty, nonce) => {
    expect(meetsDifficulty(sealWork(sealPrefix(SUBJECT), nonce), difficulty)).toBe(true);
  });

  test.each(FIRSTS.filter(([, nonce]) => nonce > 0n && nonce < 1_000n))(
    'meets difficulty %s with no nonce before %s',
    (difficulty, nonce) => {
      const prefix = sealPrefix(SUBJECT);
      for (let n = 0n; n < nonce; n++) expect(meetsDifficulty(sealWork(prefix, n), difficulty)).toBe(false);
    },
  );

  test('is read as a little-endian number', () => {
    const work = new Uint8Array(32);
    work[31] = 0x10;
    expect(meetsDifficulty(work, 15n)).toBe(true);
    expect(meetsDifficulty(work, 17n)).toBe(false);
    expect(sealLimit(1n)).toBe(2n ** 256n - 1n);
  });
});

describe('the difficulty that the chain holds a proof to', () => {
  test.each([
    [undefined, undefined, undefined, 1n],
    [5n, 10n, 3n, 10n],
    [100n, 10n, 50n, 50n],
    [1n, 10n, 50n, 10n],
  ])('difficulty %s, least %s, most %s: %s', (difficulty, least, most, effective) => {
    expect(effectiveDifficulty({ difficulty, least, most })).toBe(effective);
  });

  test('is never below one', () => {
    const u64 = fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined });
    fc.assert(
      fc.property(u64, u64, u64, (difficulty, least, most) => {
        expect(effectiveDifficulty({ difficulty, least, most })).toBeGreaterThanOrEqual(1n);
      }),
    );
  });
});
