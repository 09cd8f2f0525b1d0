import { expect, test } from 'vitest';
import { fittingGrant } from '../../../src/chain/register/proxy.ts';

test('the narrowest right is used', () => {
  const registration = { type: 'Registration', delay: 0 };
  const any = { type: 'Any', delay: 0 };
  expect(fittingGrant([any, registration])).toEqual(registration);
  expect(fittingGrant([{ type: 'Registration', delay: 5 }, any])).toEqual(any);
  expect(fittingGrant([{ type: 'Transfer', delay: 0 }])).toBeUndefined();
});
