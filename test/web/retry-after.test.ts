import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/web/index.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

it.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Sat, 21 Nov 2026 00:00:05 GMT', 5_000],
  ['Fri, 20 Nov 2026 00:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  ['-1', undefined],
  ['1e99', undefined],
  ['Infinity', undefined],
  ['99999999999', undefined],
  [null, undefined],
  [undefined, undefined],
])('%s is %s ms', (value, ms) => expect(retryAfterMs(value, NOW)).toBe(ms));

it('makes a wait of any text, or none', () => {
  assert(
    property(string(), (text) => {
      const ms = retryAfterMs(text, NOW);
      expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true);
    }),
  );
});
