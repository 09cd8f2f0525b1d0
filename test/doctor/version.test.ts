import { expect, it } from 'vitest';
import { isAtLeast } from '../../src/doctor/checks/node.ts';

it.each([
  ['24.7', '24.7', true],
  ['24.10.0', '24.7', true],
  ['24.6.9', '24.7', false],
  ['25', '24.7', true],
  ['22.20.0', '24.7', false],
])('%s satisfies %s: %s', (have, wanted, expected) => {
  expect(isAtLeast(have, wanted)).toBe(expected);
});
