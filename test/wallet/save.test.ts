import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyPaths, keypairFromSeed, loadKey, saveKeys, savePublicKey } from '../../src/wallet/index.ts';
import { seedOf, temporaryRoot, V } from './support/places.ts';

const first = keypairFromSeed(seedOf(0x11));
const second = keypairFromSeed(seedOf(0x22));

/** All files below a folder, with their contents. */
function snapshot(root: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => lstatSync(join(root, name)).isFile())
      .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
  );
}

const coldkey = (root: string) => ({ root, wallet: 'main' });
const hotkey = (root: string) => ({ root, wallet: 'main', hotkey: 'miner1' });

describe('writing keys', () => {
  it('makes the tree that every tool knows: files 0600, folders 0700, nothing else (E 93)', async () => {
    const root = join(temporaryRoot(), 'deep', 'wallets');
    const files = await saveKeys([
      { location: coldkey(root), keypair: first },
      { location: hotkey(root), keypair: second },
    ]);
    expect(Object.keys(snapshot(root)).sort()).toEqual([
      'main/coldkey',
      'main/coldkeypub.txt',
      'main/hotkeys/miner1',
      'main/hotkeys/miner1pub.txt',
    ]);
    for (const file of files) {
      expect(statSync(file).mode & 0o777, file).toBe(0o600);
      expect(readFileSync(file).at(-1)).toBe('}'.charCodeAt(0));
    }
    for (const folder of [root, join(root, 'main'), join(root, 'main', 'hotkeys')]) {
      expect(statSync(folder).mode & 0o777, folder).toBe(0o700);
    }
  });

  it('does not replace anything unasked (E 94)', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: hotkey(root), keypair: first }]);
    const before = snapshot(root);
    await expect(saveKeys([{ location: hotkey(root), keypair: second }])).rejects.toMatchObject({
      code: 'ERR_KEY_EXISTS',
    });
    await expect(
      saveKeys([
        { location: coldkey(root), keypair: second },
        { location: hotkey(root), keypair: second },
      ]),
    ).rejects.toMatchObject({ code: 'ERR_KEY_EXISTS' });
    expect(snapshot(root)).toEqual(before);
  });

  it('replaces private and public file together when asked', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: hotkey(root), keypair: first }]);
    await saveKeys([{ location: hotkey(root), keypair: second }], { overwrite: true });
    expect(Object.keys(snapshot(root))).toHaveLength(2);
    expect(await loadKey(hotkey(root))).toMatchObject({
      stalePublicFile: false,
      keypair: { ss58: second.ss58 },
    });
  });

  it('a public file of the same key is no obstacle, one of another key is', async () => {
    const root = temporaryRoot();
    savePublicKey(coldkey(root), first);
    await expect(saveKeys([{ location: coldkey(root), keypair: second }])).rejects.toMatchObject({
      code: 'ERR_KEY_EXISTS',
    });
    await saveKeys([{ location: coldkey(root), keypair: first }]);
    expect((await loadKey(coldkey(root))).keypair.ss58).toBe(V);
  });

  it('a link is not replaced, and a dangling one is not followed', async () => {
    const root = temporaryRoot();
    const { privateFile } = keyPaths(coldkey(root));
    mkdirSync(join(root, 'main'));
    symlinkSync(join(root, 'elsewhere'), privateFile);
    await expect(saveKeys([{ location: coldkey(root), keypair: first }])).rejects.toMatchObject({
      code: 'ERR_KEY_EXISTS',
    });
    await expect(
      saveKeys([{ location: coldkey(root), keypair: first }], { overwrite: true }),
    ).rejects.toMatchObject({
      code: 'ERR_KEY_LINK',
    });
    expect(existsSync(join(root, 'elsewhere'))).toBe(false);
    expect(lstatSync(privateFile).isSymbolicLink()).toBe(true);
  });

  it('a key behind a link is read', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: coldkey(root), keypair: first }]);
    mkdirSync(join(root, 'other'));
    symlinkSync(join(root, 'main', 'coldkey'), join(root, 'other', 'coldkey'));
    expect((await loadKey({ root, wallet: 'other' })).keypair.ss58).toBe(V);
  });

  it('what cannot be written changes nothing', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: hotkey(root), keypair: first }]);
    writeFileSync(join(root, 'file'), '');
    const before = snapshot(root);
    for (const wallet of ['file']) {
      await expect(saveKeys([{ location: { root, wallet }, keypair: second }])).rejects.toMatchObject({
        code: 'ERR_FILE_WRITE',
      });
    }
    expect(snapshot(root)).toEqual(before);
  });

  it.each([
    'stage miner1pub.txt',
    'keep miner1',
    'take away miner1pub.txt',
    'place miner1',
    'place miner1pub.txt',
  ])('a failure at "%s" puts everything back', async (failing) => {
    const root = temporaryRoot();
    await saveKeys([{ location: hotkey(root), keypair: first }]);
    const before = snapshot(root);
    const beforeStep = (step: string) => {
      if (step === failing) throw new Error('disk full');
    };
    await expect(
      saveKeys(
        [
          { location: hotkey(root), keypair: second },
          { location: { root, wallet: 'fresh' }, keypair: second },
        ],
        { overwrite: true, beforeStep },
      ),
    ).rejects.toMatchObject({ code: 'ERR_FILE_WRITE' });
    expect(snapshot(root)).toEqual(before);
    expect(readdirSync(root)).toEqual(['main']);
  });

  it('of two that make the same key at once, one gets it', async () => {
    const root = temporaryRoot();
    const results = await Promise.allSettled(
      [first, second].map(async (keypair) => await saveKeys([{ location: hotkey(root), keypair }])),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await loadKey(hotkey(root))).stalePublicFile).toBe(false);
  });

  it('an unwritable folder is an error of ours', async () => {
    if (process.getuid?.() === 0) return;
    const root = temporaryRoot();
    chmodSync(root, 0o500);
    await expect(saveKeys([{ location: hotkey(root), keypair: first }])).rejects.toMatchObject({
      code: 'ERR_FILE_WRITE',
    });
  });
});

describe('writing public files', () => {
  it('not beside a private file of another key', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: hotkey(root), keypair: first }]);
    const before = snapshot(root);
    expect(() => savePublicKey(hotkey(root), second, { overwrite: true })).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_MISMATCH' }),
    );
    expect(snapshot(root)).toEqual(before);
  });

  it('not beside an encrypted file that was not opened', () => {
    const root = temporaryRoot();
    mkdirSync(join(root, 'main'));
    writeFileSync(
      keyPaths(coldkey(root)).privateFile,
      '$NACLxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    );
    expect(() => savePublicKey(coldkey(root), first)).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_MISMATCH' }),
    );
    savePublicKey(coldkey(root), first, { unlocked: first });
    expect(existsSync(keyPaths(coldkey(root)).publicFile)).toBe(true);
  });
});
