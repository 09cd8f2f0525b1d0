import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { rememberedGenesis, rememberGenesis } from '../../src/chain/cache/genesis.ts';
import { plainFromJson, plainToJson } from '../../src/chain/cache/plain-json.ts';
import { sharedRead } from '../../src/chain/cache/shared.ts';
import { connectChain, type Plain } from '../../src/chain/index.ts';
import { Runtimes } from '../../src/chain/node/runtimes.ts';
import { Connection } from '../../src/chain/rpc/connection.ts';
import { FINNEY_GENESIS, startDevchain } from '../support/devchain/index.ts';
import { temporaryFolder } from './connected.ts';

const open: { close(): Promise<void> }[] = [];
const folders: { remove(): void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  for (const one of folders.splice(0)) one.remove();
});

function folder(): string {
  const one = temporaryFolder();
  folders.push(one);
  return one.path;
}

async function devchain() {
  const dev = await startDevchain();
  open.push(dev);
  const metadata = () =>
    dev.endpoints[0]?.requests.filter((name) => name === 'state_call' || name === 'state_getMetadata').length;
  return { dev, metadata };
}

describe('the metadata', () => {
  it('is asked for once, and again when the file is not as it was written', async () => {
    const { dev, metadata } = await devchain();
    const files = folder();
    const read = async () => {
      const connection = new Connection({
        endpoints: [dev.endpoint],
        genesis: FINNEY_GENESIS,
        timeoutMs: 5_000,
      });
      const runtime = await new Runtimes({ connection, folder: files, genesis: FINNEY_GENESIS }).at();
      expect(runtime.has.call('SubtensorModule', 'register_limit')).toBe(true);
      await connection.close();
    };
    await read();
    const asked = metadata();
    expect(asked).toBeGreaterThan(0);
    await read();
    expect(metadata()).toBe(asked);
    const path = join(files, readdirSync(files)[0] ?? '');
    const bytes = readFileSync(path);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await read();
    expect(metadata()).toBeGreaterThan(asked ?? 0);
    expect(readFileSync(path)).not.toEqual(bytes);
  });

  it('of a chain on this machine is read anew, since it may be another one after every start', async () => {
    const { dev, metadata } = await devchain();
    const cacheDir = folder();
    for (let i = 1; i <= 2; i++) {
      open.push(await connectChain({ network: dev.endpoint, cacheDir }));
      expect(metadata()).toBe(i);
    }
    expect(readdirSync(cacheDir)).toEqual([]);
  });
});

describe('a shared read', () => {
  const block = { hash: '0xab', number: 7 } as const;
  const now = () => 1_000_000;

  it('is read once by all who want it at the same time', async () => {
    const options = { folder: folder(), key: 'metagraph 72', maxAgeMs: 1000, now };
    let loads = 0;
    const load = async () => {
      loads++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { value: { uids: [1, 2], burn: 10n ** 20n, none: undefined }, block };
    };
    const all = await Promise.all(Array.from({ length: 5 }, () => sharedRead({ ...options, load })));
    expect(loads).toBe(1);
    for (const one of all) {
      expect(one).toEqual({
        value: { uids: [1, 2], burn: 10n ** 20n, none: undefined },
        readAt: 1_000_000,
        block,
      });
    }
  });

  it('is read again when it is too old, or of the future, and not kept when the read fails', async () => {
    const options = { folder: folder(), key: 'burn 72', maxAgeMs: 1000 };
    let value = 1;
    const load = async () => ({ value: value++, block });
    const at = async (ms: number) => (await sharedRead({ ...options, load, now: () => ms })).value;
    expect(await at(5_000)).toBe(1);
    expect(await at(6_000)).toBe(1);
    expect(await at(6_001)).toBe(2);
    expect(await at(4_000)).toBe(3);
    const broken = sharedRead({ ...options, now: () => 9_000, load: () => Promise.reject(new Error('no')) });
    await expect(broken).rejects.toThrow('no');
    expect(await at(9_000)).toBe(4);
  });

  it('goes on without files where there can be none', async () => {
    const load = async () => ({ value: 1, block });
    for (const nowhere of [null, '/dev/null/nowhere']) {
      expect((await sharedRead({ folder: nowhere, key: 'x', maxAgeMs: 1, now, load })).value).toBe(1);
    }
  });

  it('through a chain is one read for several connections', async () => {
    const { dev } = await devchain();
    const cacheDir = folder();
    let loads = 0;
    for (let i = 0; i < 2; i++) {
      const chain = await connectChain({ network: dev.endpoint, cacheDir });
      open.push(chain);
      const { value } = await chain.shared('tempo 72', 60_000, async (reads) => {
        loads++;
        return await reads.storage('SubtensorModule', 'Tempo', 72);
      });
      expect(value).toBe(360);
    }
    expect(loads).toBe(1);
  });
});

describe('the genesis of an address', () => {
  it('is remembered for each, and not where the file is broken', async () => {
    const cacheDir = folder();
    expect(await rememberedGenesis(cacheDir, 'wss://a')).toBeUndefined();
    await rememberGenesis(cacheDir, 'wss://a', FINNEY_GENESIS);
    expect(await rememberedGenesis(cacheDir, 'wss://a')).toBe(FINNEY_GENESIS);
    expect(await rememberedGenesis(cacheDir, 'wss://b')).toBeUndefined();
    expect(await rememberedGenesis(null, 'wss://a')).toBeUndefined();
    const [file = ''] = readdirSync(join(cacheDir, 'genesis'));
    writeFileSync(join(cacheDir, 'genesis', file), 'something else');
    expect(await rememberedGenesis(cacheDir, 'wss://a')).toBeUndefined();
  });
});

describe('values as JSON', () => {
  const plain: fc.Arbitrary<Plain> = fc.letrec<{ plain: Plain }>((tie) => ({
    plain: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.bigInt(),
      fc.boolean(),
      fc.string(),
      fc.constant(undefined),
      fc.array(tie('plain')),
      fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), tie('plain')),
    ),
  })).plain;

  it('come back as they were', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(plainFromJson(plainToJson(value))).toEqual(value);
      }),
    );
  });
});
