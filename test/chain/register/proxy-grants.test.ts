import { afterEach, expect, test } from 'vitest';
import { fittingGrant } from '../../../src/chain/register/proxy.ts';
import { typesThatLet } from '../../../src/chain/register/proxy-filter.ts';
import { DEPRECATED_TYPES, lets, PROXY_TYPES } from '../../support/devchain/rules/proxy-filters.ts';
import { type Connected, connected } from '../connected.ts';

let open: Connected | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

test('the narrowest right that lets the call through is used', () => {
  const types = ['Registration', 'NonTransfer', 'Any'];
  const registration = { type: 'Registration', delay: 0 };
  const any = { type: 'Any', delay: 0 };
  expect(fittingGrant([any, registration], types)).toEqual(registration);
  expect(fittingGrant([{ type: 'Registration', delay: 5 }, any], types)).toEqual(any);
  expect(fittingGrant([{ type: 'Transfer', delay: 0 }], types)).toBeUndefined();
});

test.each(['spec424', 'newer'] as const)('%s tells which types let a call through', async (variant) => {
  open = await connected({ slotMs: 'manual', variant });
  for (const name of ['register_limit', 'burned_register', 'pow_register', 'serve_axon']) {
    const call = { pallet: 'SubtensorModule', name };
    const expected = PROXY_TYPES.filter(
      (type) => !DEPRECATED_TYPES.has(type) && lets(type, { ...call, args: {} }),
    );
    const types = await typesThatLet(open.chain, call);
    expect(types.toSorted(), name).toEqual(expected.toSorted());
    expect(types.at(-1)).toBe('Any');
    if (expected.includes('Registration')) expect(types[0]).toBe('Registration');
  }
});

test('a runtime that does not tell: what let registrations through ever', async () => {
  open = await connected({ slotMs: 'manual', variant: 'old' });
  const call = { pallet: 'SubtensorModule', name: 'burned_register' };
  const types = await typesThatLet(open.chain, call);
  expect(types).toEqual(['Registration', 'NonTransfer', 'Any']);
  for (const type of types) expect(lets(type, { ...call, args: {} })).toBe(true);
});
