import { describe, expect, it } from 'vitest';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { model, named } from './model.ts';

const AXON = {
  netuid: 72,
  version: 1,
  ip: 0xc633_6409n,
  port: 8091,
  ip_type: 4,
  protocol: 4,
  placeholder1: 0,
  placeholder2: 0,
};
const HOT = '//Dave//hot';

describe('serve_axon', () => {
  it.each([
    ['a hotkey without UID', '//Bob//hot', {}, 10],
    ['another subnet', HOT, { netuid: 73 }, 10],
    ['an address type of 5', HOT, { ip_type: 5 }, 255],
    ['127.0.0.1', HOT, { ip: 0x7f00_0001n }, 11],
    ['255.255.255.255', HOT, { ip: 0xffff_ffffn }, 11],
    ['::1', HOT, { ip_type: 6, ip: 1n }, 11],
    ['all ones', HOT, { ip_type: 6, ip: (1n << 128n) - 1n }, 11],
    ['port 0', HOT, { port: 0 }, 13],
    ['a private address', HOT, { ip: 0x0a00_0001n }, undefined],
    ['0.0.0.0, which takes it back', HOT, { ip: 0n, port: 1 }, undefined],
    ['an IPv6 address', HOT, { ip_type: 6, ip: 42540766411282592856903984951653826561n }, undefined],
  ])('of %s', (_what, who, change, expected) => {
    const chain = model('paying');
    expect(chain.pool(who, 'SubtensorModule.serve_axon', { ...AXON, ...change })).toBe(expected);
  });

  it('may be repeated after the rate limit, in the block that is then made', () => {
    const chain = model('paying');
    const events = chain.call(HOT, 'SubtensorModule.serve_axon', AXON);
    expect(named(events, 'AxonServed')).toEqual([72, keyOf(HOT)]);
    const { netuid: _netuid, ...served } = AXON;
    expect(chain.subnet.axons.get(keyOf(HOT))).toEqual({ ...served, block: chain.world.blockNumber + 1 });
    chain.pass(49);
    expect(chain.pool(HOT, 'SubtensorModule.serve_axon', AXON)).toBe(12);
    chain.pass(1);
    expect(chain.pool(HOT, 'SubtensorModule.serve_axon', AXON)).toBeUndefined();
  });

  it('takes no zero address for prometheus', () => {
    const chain = model('paying');
    const { protocol: _p, placeholder1: _1, placeholder2: _2, ...prometheus } = AXON;
    expect(chain.pool(HOT, 'SubtensorModule.serve_prometheus', { ...prometheus, ip: 0n })).toBe(11);
    expect(chain.pool(HOT, 'SubtensorModule.serve_prometheus', prometheus)).toBeUndefined();
  });
});

describe('a commitment', () => {
  const commit = (chain: ReturnType<typeof model>, bytes: number, who = HOT) =>
    chain.call(who, 'Commitments.set_commitment', {
      netuid: 72,
      info: { fields: [{ [`Raw${bytes}`]: `0x${'61'.repeat(bytes)}` }] },
    });

  it('counts a hundred bytes at least, and 3100 an epoch at most', () => {
    const chain = model('paying');
    for (let count = 0; count < 31; count++) expect(commit(chain, 5)).not.toBeTypeOf('string');
    expect(commit(chain, 5)).toBe('SpaceLimitExceeded');
    chain.pass(360);
    for (let count = 0; count < 24; count++) expect(commit(chain, 128)).not.toBeTypeOf('string');
    expect(commit(chain, 128)).toBe('SpaceLimitExceeded');
  });

  it('is for hotkeys with a UID, and the refusal has another name later', () => {
    expect(commit(model('paying'), 5, '//Bob')).toBe('AccountNotAllowedCommit');
    const newer = model('paying', 'newer');
    expect(commit(newer, 5, '//Bob')).toBe('HotKeyNotRegisteredInSubNet');
    const info = { fields: [] };
    const name = 'Commitments.set_commitment';
    expect(newer.pool('//Bob', name, { netuid: 72, info })).toBe(19);
    expect(newer.pool(HOT, name, { netuid: 9, info })).toBe(3);
    expect(newer.pool(HOT, name, { netuid: 72, info })).toBeUndefined();
    expect(model('paying').pool('//Bob', name, { netuid: 72, info })).toBeUndefined();
  });

  it('of somebody whose coldkey swap is announced is refused in the pool, as every call', () => {
    const chain = model('paying');
    chain.world.coldkeySwaps.set(keyOf('//Alice'), { when: 1, hash: `0x${'00'.repeat(32)}` });
    expect(chain.pool('//Alice', 'Balances.transfer_keep_alive', {})).toBe(0);
    expect(chain.pool('//Bob', 'Balances.transfer_keep_alive', {})).toBeUndefined();
  });
});
