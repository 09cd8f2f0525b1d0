import { describe, expect, it } from 'vitest';
import type { PlainCall } from '../support/devchain/model.ts';
import { lets, PROXY_TYPES } from '../support/devchain/rules/proxy-filters.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { freeOf, TAO, uidOf } from '../support/devchain/world/index.ts';
import { fieldsOf, model, named } from './model.ts';

const [ALICE, BOB, HOT] = [keyOf('//Alice'), keyOf('//Bob'), keyOf('//Alice//hot')];
const grant = { delegate: { Id: BOB }, proxy_type: 'Registration', delay: 0 };
const registration: PlainCall = {
  pallet: 'SubtensorModule',
  name: 'burned_register',
  args: { netuid: 72, hotkey: HOT },
};
const transfer: PlainCall = {
  pallet: 'Balances',
  name: 'transfer_keep_alive',
  args: { dest: { Id: BOB }, value: TAO },
};
const act = (call: PlainCall, forced?: string) => ({ real: { Id: ALICE }, force_proxy_type: forced, call });

describe('a registration proxy', () => {
  it('costs a deposit that comes back', () => {
    const chain = model('paying');
    const before = freeOf(chain.world, ALICE);
    chain.call('//Alice', 'Proxy.add_proxy', grant);
    expect(before - freeOf(chain.world, ALICE)).toBe(93_000_000n);
    chain.call('//Alice', 'Proxy.add_proxy', { ...grant, delegate: { Id: keyOf('//Eve') } });
    expect(chain.world.accounts.get(ALICE)?.reserved).toBe(126_000_000n);
    chain.call('//Alice', 'Proxy.remove_proxies', {});
    expect(freeOf(chain.world, ALICE)).toBe(before);
    expect(chain.world.proxies.size).toBe(0);
  });

  it('registers for the coldkey, and nothing else', () => {
    const chain = model('paying');
    chain.call('//Alice', 'Proxy.add_proxy', grant);
    const before = [freeOf(chain.world, ALICE), freeOf(chain.world, BOB)];
    const events = chain.call('//Bob', 'Proxy.proxy', act(registration));
    expect(named(events, 'ProxyExecuted')).toEqual({ result: { Ok: [] } });
    expect(chain.world.owners.get(HOT)).toBe(ALICE);
    expect(uidOf(chain.subnet, HOT)).toBeDefined();
    expect(freeOf(chain.world, ALICE)).toBeLessThan(before[0] ?? 0n);
    expect(freeOf(chain.world, BOB)).toBe(before[1]);
    const refused = chain.call('//Bob', 'Proxy.proxy', act(transfer));
    expect(named(refused, 'ProxyExecuted')).toEqual({
      result: { Err: { kind: 'module', pallet: 'System', name: 'CallFiltered' } },
    });
    expect(freeOf(chain.world, BOB)).toBe(before[1]);
  });

  it('reports what failed inside while the extrinsic succeeds', () => {
    const chain = model('paying');
    chain.call('//Alice', 'Proxy.add_proxy', grant);
    chain.call('//Bob', 'Proxy.proxy', act(registration));
    const again = chain.call('//Bob', 'Proxy.proxy', act(registration));
    expect(fieldsOf(fieldsOf(named(again, 'ProxyExecuted')).result).Err).toMatchObject({
      name: 'HotKeyAlreadyRegisteredInSubNet',
    });
  });

  it.each([
    ['nobody granted', '//Eve', act(registration), 'NotProxy'],
    ['forced into another type', '//Bob', act(registration, 'Staking'), 'NotProxy'],
  ])('is refused where %s', (_what, who, args, expected) => {
    const chain = model('paying');
    chain.call('//Alice', 'Proxy.add_proxy', grant);
    expect(chain.call(who, 'Proxy.proxy', args)).toBe(expected);
  });

  it('with a delay needs an announcement', () => {
    const chain = model('paying');
    chain.call('//Alice', 'Proxy.add_proxy', { ...grant, delay: 10 });
    expect(chain.call('//Bob', 'Proxy.proxy', act(registration))).toBe('Unannounced');
  });

  it.each([
    ['Duplicate', grant],
    ['NoSelfProxy', { ...grant, delegate: { Id: ALICE } }],
  ])('is not added: %s', (expected, args) => {
    const chain = model('paying');
    chain.call('//Alice', 'Proxy.add_proxy', grant);
    expect(chain.call('//Alice', 'Proxy.add_proxy', args)).toBe(expected);
  });
});

describe('the types', () => {
  it.each([
    ['Registration', true, false],
    ['Any', true, true],
    ['NonTransfer', true, false],
    ['NonCritical', false, true],
    ['NonFungible', false, false],
    ['Transfer', false, true],
    ['Staking', false, false],
    ['Governance', false, false],
  ])('%s lets a burn registration through: %s, a transfer: %s', (type, registering, transferring) => {
    expect([lets(type, registration), lets(type, transfer)]).toEqual([registering, transferring]);
  });

  it('let small transfers through where they are small', () => {
    const small = { ...transfer, args: { ...transfer.args, value: TAO / 2n - 1n } };
    expect([lets('SmallTransfer', small), lets('SmallTransfer', transfer)]).toEqual([true, false]);
  });

  it('none but Any lets the coldkey be taken away', () => {
    const swap: PlainCall = { pallet: 'SubtensorModule', name: 'swap_coldkey_announced', args: {} };
    expect(PROXY_TYPES.filter((type) => lets(type, swap))).toEqual(['Any']);
  });
});

describe('a batch', () => {
  const bad: PlainCall = { ...registration, args: { netuid: 9, hotkey: HOT } };

  it('stops at the first failure and keeps what came before', () => {
    const chain = model('paying');
    const events = chain.call('//Alice', 'Utility.batch', { calls: [registration, bad, transfer] });
    expect(fieldsOf(named(events, 'BatchInterrupted'))).toMatchObject({
      index: 1,
      error: { name: 'SubnetNotExists' },
    });
    expect(uidOf(chain.subnet, HOT)).toBeDefined();
  });

  it('of all or nothing undoes everything', () => {
    const chain = model('paying');
    const before = structuredClone(chain.world);
    expect(chain.call('//Alice', 'Utility.batch_all', { calls: [registration, bad] })).toBe(
      'SubnetNotExists',
    );
    expect(chain.world).toEqual(before);
  });

  it('that is forced goes on', () => {
    const chain = model('paying');
    const events = chain.call('//Alice', 'Utility.force_batch', { calls: [bad, registration] });
    named(events, 'ItemFailed');
    named(events, 'BatchCompletedWithErrors');
    expect(uidOf(chain.subnet, HOT)).toBeDefined();
  });
});
