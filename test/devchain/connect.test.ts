import { afterEach, expect, test } from 'vitest';
import { FINNEY_GENESIS, VARIANTS } from '../support/devchain/index.ts';
import { type Connected, connect, hex } from './client.ts';

let chain: Connected | undefined;
afterEach(async () => await chain?.close());

test.each(VARIANTS)('the client library connects to %s', async (variant) => {
  chain = await connect({ variant });
  const { api, dev } = chain;
  expect(api.genesisHash.toHex()).toBe(FINNEY_GENESIS);
  expect(api.runtimeVersion.specName.toString()).toBe('node-subtensor');
  expect(api.runtimeVersion.specVersion.toNumber()).toBe(dev.chain.image.version.spec_version);
  expect(api.runtimeMetadata.version).toBe(variant === 'old' ? 15 : 16);
});

test('what each runtime has', async () => {
  const features = async (variant: (typeof VARIANTS)[number]) => {
    chain = await connect({ variant });
    const { api } = chain;
    const found = {
      limit: api.tx.subtensorModule?.registerLimit !== undefined,
      pow: api.tx.subtensorModule?.powRegister !== undefined,
      collateral: api.query.subtensorModule?.minerCollateral !== undefined,
      burned: api.query.subtensorModule?.minerBurned !== undefined,
      hyperparameters: api.call.subnetInfoRuntimeApi?.getSubnetHyperparamsV3 !== undefined,
      tomorrow: api.query.tomorrow !== undefined,
      noSubnet: Object.keys(api.errors.subtensorModule ?? {}).filter((name) =>
        /^Sub[nN]et.*Exist/.test(name),
      ),
      noMoney: api.errors.subtensorModule?.NotEnoughBalanceToStake?.meta.index.toNumber(),
      limitError: api.errors.subtensorModule?.RegistrationPriceLimitExceeded?.meta.index.toNumber(),
      slot: api.consts.aura?.slotDuration?.toString(),
    };
    await chain.close();
    chain = undefined;
    return found;
  };
  expect(await features('spec424')).toEqual({
    limit: true,
    pow: false,
    collateral: false,
    burned: true,
    hyperparameters: true,
    tomorrow: false,
    noSubnet: ['SubnetNotExists'],
    noMoney: 12,
    limitError: 134,
    slot: '12000',
  });
  expect(await features('newer')).toEqual({
    limit: true,
    pow: true,
    collateral: true,
    burned: true,
    hyperparameters: true,
    tomorrow: true,
    noSubnet: ['SubnetNotExists'],
    noMoney: 12,
    limitError: 136,
    slot: '12000',
  });
  expect(await features('old')).toEqual({
    limit: false,
    pow: false,
    collateral: false,
    burned: false,
    hyperparameters: false,
    tomorrow: false,
    noSubnet: ['SubNetworkDoesNotExist'],
    noMoney: 13,
    limitError: undefined,
    slot: '1000',
  });
});

test('another genesis, another slot duration', async () => {
  const genesisHash = `0x${'42'.repeat(32)}`;
  chain = await connect({ genesisHash, slotDurationMs: 250 });
  expect(chain.api.genesisHash.toHex()).toBe(genesisHash);
  expect(chain.api.consts.aura?.slotDuration?.toString()).toBe('250');
});

test('headers hash to the hashes of their blocks, and each names its parent', async () => {
  chain = await connect();
  const { api, dev } = chain;
  dev.mine(3);
  let hash = await api.rpc.chain.getBlockHash();
  for (let back = 0; back < 5; back++) {
    const header = await api.rpc.chain.getHeader(hash);
    expect(header.hash.toHex()).toBe(hash.toHex());
    expect((await api.rpc.chain.getBlockHash(header.number.unwrap())).toHex()).toBe(hash.toHex());
    hash = header.parentHash;
  }
  expect((await api.rpc.chain.getBlockHash(dev.mine() + 1)).isEmpty).toBe(true);
});

test('reads storage: values, defaults, absent options, maps in pages', async () => {
  chain = await connect();
  const { api, dev, alice } = chain;
  for (let index = 0; index < 700; index++)
    dev.world.accounts.set(
      hex(
        new Uint8Array(32)
          .fill(1)
          .fill(index % 256, 0, 1)
          .fill(index >> 8, 1, 2),
      ),
      {
        free: BigInt(index) + 500n,
        reserved: 0n,
        nonce: 0,
      },
    );
  const before = dev.world.accounts.size;
  const entries = await api.query.system?.account?.entries();
  expect(entries).toHaveLength(before);
  const account = await api.query.system?.account?.(alice.address);
  expect(account?.toJSON()).toMatchObject({ nonce: 0, data: { free: 10 ** 12, reserved: 0, frozen: 0 } });
  expect((await api.query.system?.number?.())?.toString()).toBe(String(dev.chain.head.header.number));
  expect((await api.query.subtensorModule?.burn?.(65_000))?.toString()).toBe('100000000');
  expect((await api.query.subtensorModule?.uids?.(65_000, alice.address))?.isEmpty).toBe(true);
});

test('reads the past for a while, then says that it is gone', async () => {
  chain = await connect();
  const { api, dev, alice, bob } = chain;
  const then = dev.chain.head.hash;
  dev.mine();
  const key = hex(alice.publicKey);
  dev.world.accounts.set(key, { free: 5_000n, reserved: 0n, nonce: 0 });
  const past = await api.at(then);
  expect((await past.query.system?.account?.(alice.address))?.toJSON()).toMatchObject({
    data: { free: 10 ** 12 },
  });
  expect((await api.query.system?.account?.(alice.address))?.toJSON()).toMatchObject({
    data: { free: 5000 },
  });
  dev.mine(300);
  // Another key: the library remembers what it read at a block.
  await expect(past.query.system?.account?.(bob.address)).rejects.toThrow(/State already discarded/);
});

test('a stage set before the first block is seen at the finalized block too, later changes are not', async () => {
  chain = await connect({ finalityLag: 2 });
  const { api, dev, alice } = chain;
  const free = async (hash: string) => {
    const account = await (await api.at(hash)).query.system?.account?.(alice.address);
    return Object(account?.toJSON()).data.free as number;
  };
  const finalized = dev.chain.finalized.hash;
  expect(await free(finalized)).toBe(10 ** 12);
  dev.mine();
  dev.world.accounts.set(hex(alice.publicKey), { free: 9_000n, reserved: 0n, nonce: 0 });
  // Asked anew: the library remembers what it read at a block.
  expect(
    dev.chain.stateAt(dev.chain.block(finalized) ?? dev.chain.head)?.accounts.get(hex(alice.publicKey))?.free,
  ).toBe(10n ** 12n);
  expect(await free(dev.chain.head.hash)).toBe(9_000);
});

test('subscriptions: new heads, finalized heads, storage', async () => {
  chain = await connect({ finalityLag: 2 });
  const { api, dev, alice } = chain;
  const best: number[] = [];
  const finalized: number[] = [];
  const free: string[] = [];
  const start = dev.chain.head.header.number;
  await api.rpc.chain.subscribeNewHeads((header) => void best.push(header.number.toNumber() - start));
  await api.rpc.chain.subscribeFinalizedHeads(
    (header) => void finalized.push(header.number.toNumber() - start),
  );
  await api.query.system?.account?.(alice.address, (account: { toJSON(): unknown }) => {
    free.push(JSON.stringify((account.toJSON() as { data: { free: number } }).data.free));
  });
  dev.world.accounts.set(hex(alice.publicKey), { free: 7_000n, reserved: 0n, nonce: 0 });
  dev.mine(3);
  await expect.poll(() => best).toEqual([0, 1, 2, 3]);
  await expect.poll(() => finalized).toEqual([-2, -1, 0, 1]);
  await expect.poll(() => free).toEqual([String(10 ** 12), '7000']);
});

test('methods nobody knows, and calls of the runtime that it has not', async () => {
  chain = await connect();
  await expect(chain.raw('state_teleport')).rejects.toThrow('-32601: Method not found');
  await expect(chain.raw('state_call', 'Core_dream', '0x')).rejects.toThrow(
    /Exported method Core_dream is not found/,
  );
  await expect(chain.raw('state_getStorage', 'key')).rejects.toThrow('-32602');
});
