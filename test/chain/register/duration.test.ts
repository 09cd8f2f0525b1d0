import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../../src/chain/register/duration.ts';

test.each([
  ['90s', 90_000],
  ['45m', 2_700_000],
  ['6h', 21_600_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  [' 1h 5m ', 3_900_000],
])('%s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '6', 'h', '-1h', '1.5h', '0s', '31d', '1w', '1h30', '9999999999s'])(
  '%s is no time',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('never throws, and never gives anything but a positive whole number of ms', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\d{1,10}[smhd]){0,4}$/)), (text) => {
      const ms = parseDuration(text);
      expect(ms === undefined || (Number.isSafeInteger(ms) && ms > 0)).toBe(true);
    }),
  );
});
