import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadKey } from '../../src/wallet/index.ts';
import { needsDevchain, openTestChain, type TestChain } from '../support/chain-endpoint/index.ts';
import { type Devchain, startDevchain } from '../support/devchain/index.ts';
import { keyOf } from '../support/devchain/scenarios/index.ts';
import { hex } from './client.ts';

let home: string;
let foreign: Devchain;
let chain: TestChain | undefined;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'sv72-endpoint-'));
  foreign = await startDevchain({ variant: 'old', slotMs: 'instant', scenario: 'empty' });
});
afterEach(async () => {
  await chain?.close();
  chain = undefined;
  await foreign.close();
  rmSync(home, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const free = (dev: Devchain, key: Uint8Array) => dev.world.accounts.get(hex(key))?.free;
const env = (more: Readonly<Record<string, string>> = {}) => ({
  SV72_TEST_ENDPOINT: foreign.endpoint,
  SV72_TEST_KEY: '//Alice',
  ...more,
});

test('without an endpoint it is the devchain, with a funded wallet on disk', async () => {
  chain = await openTestChain({ env: {}, devchain: { slotMs: 'manual' } });
  expect(chain.dev).toBeDefined();
  const wallet = await chain.wallet(home, 'w', 7n, ['a', 'b']);
  expect(free(chain.dev as Devchain, wallet.coldkey.publicKey)).toBe(7n);
  const { keypair } = await loadKey({ root: wallet.path, wallet: 'w', hotkey: 'b' });
  expect(keypair.ss58).toBe(wallet.hotkeys[1]?.ss58);
});

test('at a foreign endpoint the money comes by a transfer, and blocks are brought where none come', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  chain = await openTestChain({ env: env() });
  expect(chain.netuid).toBe(72);
  const { coldkey } = await chain.wallet(home, 'w', 2_000_000_000n);
  expect(free(foreign, coldkey.publicKey)).toBe(2_000_000_000n);
  const before = foreign.chain.head.header.number;
  await chain.blocks(1);
  expect(foreign.chain.head.header.number).toBeGreaterThan(before);
  const skip = vi.fn();
  expect(() => needsDevchain(chain as TestChain, { skip }, 'a reorganisation')).toThrow();
  expect(skip).toHaveBeenCalledOnce();
  expect(said.mock.calls.flat().join('')).toContain('NOT TRIED');
});

test('a subnet that is not there is created', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await expect(openTestChain({ env: env({ SV72_TEST_NETUID: '4000' }) })).rejects.toThrow(
    'CannotAffordLockCost',
  );
  foreign.world.accounts.set(keyOf('//Alice'), { free: 10n ** 14n, reserved: 0n, nonce: 1 });
  chain = await openTestChain({ env: env({ SV72_TEST_NETUID: '4000' }) });
  expect(foreign.world.subnets.has(chain.netuid)).toBe(true);
  expect(chain.netuid).not.toBe(72);
});

test('a key that is none, or without money, is refused, and not shown', async () => {
  const secret = 'abandon abandon swordfish';
  const refused = await openTestChain({ env: env({ SV72_TEST_KEY: secret }) }).catch((error: Error) => error);
  expect(String(refused)).toContain('SV72_TEST_KEY');
  expect(String(refused)).not.toContain('swordfish');
  await expect(openTestChain({ env: env({ SV72_TEST_KEY: '//Ferdie' }) })).rejects.toThrow(/0 rao/);
});
