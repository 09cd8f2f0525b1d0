import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksText, durationText } from '../../../src/chain/index.ts';

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [89_000, '89 s'],
    [90_000, '2 min'],
    [89 * 60_000, '89 min'],
    [3_600_000 * 2 + 60_000 * 5, '2 h 5 min'],
    [3_600_000 * 24, '24 h'],
    [3_600_000 * 72, '3 d'],
    [3_600_000 * 75, '3 d 3 h'],
    [86_400_000 * 100, '100 d'],
    [-5, '0 s'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('never say 60 minutes or 24 hours beside a larger unit', () => {
    fc.assert(
      fc.property(fc.nat(86_400_000 * 30), (ms) => {
        expect(durationText(ms)).not.toMatch(/ (60 min|24 h)$/);
      }),
    );
  });

  it('stand beside their blocks', () => {
    expect(blocksText(7_200, 12_000)).toBe('7200 blocks ≈ 24 h');
    expect(blocksText(1, 250)).toBe('1 block ≈ 0 s');
  });
});
