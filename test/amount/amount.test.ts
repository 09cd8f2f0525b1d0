import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTao, parseTao, rao } from '../../src/amount/index.ts';

describe('TAO', () => {
  it.each([
    ['1.001', 1_001_000_000n],
    ['0.000000001', 1n],
    ['21000000', 21_000_000_000_000_000n],
    ['0', 0n],
    ['5.', 5_000_000_000n],
  ])('%s is exact (E 104)', (text, amount) => {
    expect(parseTao(text)).toBe(amount);
  });

  it.each(['', '-1', '1e3', '.5', '1.0000000001', '1,5', ' 1', 'NaN', '0x10', '1_000', '٣'])(
    '%j is no amount',
    (text) => {
      expect(parseTao(text)).toBeUndefined();
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 20n), (amount) => {
        expect(parseTao(formatTao(rao(amount)).slice(2))).toBe(amount);
      }),
    );
  });

  it('is written for people', () => {
    expect(formatTao(rao(86_200_000n))).toBe('τ 0.0862');
    expect(formatTao(rao(1_000_000_000n))).toBe('τ 1.0');
    expect(formatTao(rao(-5n))).toBe('-τ 0.000000005');
  });
});
