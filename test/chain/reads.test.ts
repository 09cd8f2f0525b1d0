import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asBigInt, asList, asRecord, type Chain } from '../../src/chain/index.ts';
import { type Connected, connected } from './connected.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

describe.each(['spec424', 'newer', 'old'] as const)('reads of a chain with the runtime %s', (variant) => {
  let one: Connected;
  let chain: Chain;
  beforeAll(async () => {
    one = await connected({ variant });
    chain = one.chain;
  });
  afterAll(async () => await one.close());

  it('tell what the runtime has and has not', () => {
    const { has } = chain;
    expect(has.call('SubtensorModule', 'burned_register')).toBe(true);
    expect(has.call('SubtensorModule', 'register_limit')).toBe(variant !== 'old');
    expect(has.call('SubtensorModule', 'pow_register')).toBe(variant === 'newer');
    expect(has.callArgument('SubtensorModule', 'burned_register', 'hotkey')).toBe(true);
    expect(has.callArgument('SubtensorModule', 'burned_register', 'price')).toBe(false);
    expect(has.storage('SubtensorModule', 'MinerBurned')).toBe(variant !== 'old');
    expect(has.storage('SubtensorModule', 'CollateralLockShare')).toBe(variant === 'newer');
    expect(has.runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph')).toBe(true);
    expect(has.runtimeApi('SubnetInfoRuntimeApi', 'get_everything')).toBe(false);
    expect(has.constant('Balances', 'ExistentialDeposit')).toBe(true);
    expect(has.error('SubtensorModule', 'SubnetNotExists')).toBe(variant !== 'old');
    expect(has.event('SubtensorModule', 'NeuronRegistered')).toBe(true);
    expect(has.pallet('SubtensorModule')).toBe(true);
    expect(has.pallet('Nothing')).toBe(false);
  });

  it('are plain values: small integers, wide ones, addresses, structs, what is absent', async () => {
    const [tempo, burn, account, nobody, exists, unset] = await Promise.all([
      chain.storage('SubtensorModule', 'Tempo', 72),
      chain.storage('SubtensorModule', 'Burn', 72),
      chain.storage('System', 'Account', ALICE),
      chain.storage('SubtensorModule', 'Uids', 72, ALICE),
      chain.storage('SubtensorModule', 'NetworksAdded', 72),
      chain.storage('SubtensorModule', 'NetworksAdded', 4711),
    ]);
    expect(tempo).toBe(360);
    expect(typeof burn).toBe('bigint');
    expect(account).toMatchObject({ nonce: 0, data: { free: expect.any(BigInt), reserved: 0n } });
    expect(nobody).toBeUndefined();
    expect(exists).toBe(true);
    expect(unset).toBe(false);
  });

  it('that start together go out together', async () => {
    const requests = one.dev.endpoints[0]?.requests ?? [];
    const before = requests.length;
    await Promise.all(
      Array.from({ length: 40 }, (_, uid) => chain.storage('SubtensorModule', 'Keys', 72, uid)),
    );
    expect(requests.slice(before)).toEqual(['state_queryStorageAt']);
  });

  it('of a whole map have its keys, and agree with single reads', async () => {
    const entries = await chain.entries('SubtensorModule', 'Uids', 72);
    expect(entries.length).toBeGreaterThan(30);
    for (const { keys, value } of entries.slice(0, 5)) {
      expect(keys).toEqual([72, expect.stringMatching(/^5/)]);
      expect(await chain.storage('SubtensorModule', 'Keys', 72, Number(value))).toBe(keys[1]);
    }
    expect(await chain.entries('SubtensorModule', 'Uids', 4711)).toEqual([]);
  });

  it('of the metagraph give what storage gives', async () => {
    const metagraph = asRecord(
      await chain.runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph', [72]),
      'metagraph',
    );
    expect(asBigInt(metagraph.burn, 'burn')).toBe(await chain.storage('SubtensorModule', 'Burn', 72));
    const hotkeys = asList(metagraph.hotkeys, 'hotkeys');
    expect(hotkeys[7]).toBe(await chain.storage('SubtensorModule', 'Keys', 72, 7));
    expect(await chain.runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph', [4711])).toBeUndefined();
  });

  it('at a block stay what they were there', async () => {
    const { hash } = await chain.head();
    const then = await chain.at(hash);
    const before = await then.storage('Timestamp', 'Now');
    one.dev.mine(20);
    expect(await then.storage('Timestamp', 'Now')).toBe(before);
    expect(await chain.storage('Timestamp', 'Now')).not.toBe(before);
    expect((await chain.events((await chain.head()).hash)).map(({ pallet }) => pallet)).toContain('System');
    expect(await chain.timestamp()).toBeGreaterThan(Date.parse('2026-01-01'));
  });
});
