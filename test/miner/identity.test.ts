import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { servedHotkeys } from '../../src/miner/identity.ts';
import { keypairFromSeed, saveKeys } from '../../src/wallet/index.ts';

const KEY = keypairFromSeed(new Uint8Array(32).fill(7));

async function walletFolder(): Promise<{ root: string; file: string }> {
  const root = mkdtempSync(join(tmpdir(), 'sv72-identity-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  await saveKeys([{ location: { root, wallet: 'w', hotkey: 'hk' }, keypair: KEY }]);
  return { root, file: join(root, 'w', 'hotkeys', 'hk') };
}

test('an encrypted hotkey is served by its public file, without a password', async () => {
  const { root, file } = await walletFolder();
  writeFileSync(file, Buffer.concat([Buffer.from('$NACL'), Buffer.alloc(200, 1)]));
  const served = await servedHotkeys({ root, wallet: 'w', hotkeys: ['hk'] });
  expect(served).toMatchObject([{ name: 'hk', ss58: KEY.ss58 }]);
});

test('without one, the password is needed', async () => {
  const { root, file } = await walletFolder();
  writeFileSync(file, Buffer.concat([Buffer.from('$NACL'), Buffer.alloc(200, 1)]));
  rmSync(`${file}pub.txt`);
  await expect(servedHotkeys({ root, wallet: 'w', hotkeys: ['hk'] })).rejects.toMatchObject({
    code: 'ERR_NEEDS_ANSWER',
  });
});

test('what is missing is named with what there is', async () => {
  const { root } = await walletFolder();
  await expect(servedHotkeys({ root, wallet: 'w', hotkeys: ['hk', 'other'] })).rejects.toMatchObject({
    code: 'ERR_WALLET_NOT_FOUND',
    next: expect.stringContaining('It has hk.'),
  });
  await expect(servedHotkeys({ root, wallet: 'nope', hotkeys: ['hk'] })).rejects.toMatchObject({
    code: 'ERR_WALLET_NOT_FOUND',
    message: 'There is no wallet "nope".',
    next: expect.stringMatching(/there is w\.$/),
  });
});
