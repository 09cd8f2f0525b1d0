import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keypairFromSeed, loadPublicKey, saveKeys } from '../../src/wallet/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sv72-missing-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function make(wallet: string, ...hotkeys: string[]): Promise<void> {
  const keypair = keypairFromSeed(new Uint8Array(32).fill(7));
  await saveKeys(hotkeys.map((hotkey) => ({ location: { root, wallet, hotkey }, keypair })));
}

/** What looking for a key says. */
function said(wallet: string, hotkey?: string): unknown {
  try {
    return loadPublicKey({ root, wallet, ...(hotkey !== undefined && { hotkey }) });
  } catch (error) {
    return error;
  }
}

describe('a key that is not there', () => {
  it('is told with the wallets that are, when its wallet is missing', async () => {
    await make('alice', 'miner1');
    await make('bob', 'h');
    for (const hotkey of ['miner1', undefined]) {
      expect(said('nosuch', hotkey)).toMatchObject({
        code: 'ERR_WALLET_NOT_FOUND',
        message: 'There is no wallet "nosuch".',
        next: expect.stringMatching(/--wallet-name.*alice, bob\.$/),
        details: { existing: ['alice', 'bob'] },
      });
    }
  });

  it('is told with how to make a wallet, when there is none at all', () => {
    expect(said('nosuch', 'h')).toMatchObject({
      message: 'There is no wallet "nosuch".',
      next: expect.stringContaining('sv72 wallet create --wallet-name nosuch'),
    });
  });

  it('is told with the hotkeys that are', async () => {
    await make('alice', 'miner10', 'miner2');
    expect(said('alice', 'default')).toMatchObject({
      message: 'There is no hotkey "default" of wallet "alice".',
      next: expect.stringContaining('It has miner2, miner10.'),
      details: { existing: ['miner2', 'miner10'] },
    });
  });

  it('lists no more names than one reads', async () => {
    await make('alice', ...Array.from({ length: 30 }, (_, index) => `h${index}`));
    expect(said('alice', 'x')).toMatchObject({ next: expect.stringMatching(/h11 and 18 more\.$/) });
  });

  it('is there all the same when only its address is unknown', async () => {
    await make('alice', 'h');
    writeFileSync(join(root, 'alice/hotkeys/h'), Buffer.concat([Buffer.from('$NACL'), Buffer.alloc(200, 1)]));
    rmSync(join(root, 'alice/hotkeys/hpub.txt'));
    expect(said('alice', 'h')).toMatchObject({
      message: expect.stringContaining('is encrypted'),
      next: expect.stringContaining('sv72 wallet regen-hotkeypub --wallet-name alice --hotkey h'),
    });
  });
});
