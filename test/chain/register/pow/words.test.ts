import { expect, test } from 'vitest';
import { countText, proofTimeText } from '../../../../src/chain/register/pow/index.ts';

test.each([
  [0, '0'],
  [840, '840'],
  [1_000, '1.0 thousand'],
  [12_345, '12 thousand'],
  [2_700_000, '2.7 million'],
  [5e9, '5.0 billion'],
])('%d is %s', (count, text) => expect(countText(count)).toBe(text));

test.each([
  [100_000n, 2.7e6, 'less than a second'],
  [10_000_000n, 1e6, '10 s'],
  [2n ** 64n - 1n, 1, 'more than a hundred years'],
  [100_000n, 0, undefined],
])('difficulty %d at %d tries a second takes %s', (difficulty, rate, text) =>
  expect(proofTimeText(difficulty, rate)).toBe(text),
);
