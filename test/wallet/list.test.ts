import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  keypairFromSeed,
  listWallets,
  loadPublicKey,
  saveKeys,
  savePublicKey,
} from '../../src/wallet/index.ts';
import { M, seedOf, temporaryRoot, V } from './support/places.ts';

const first = keypairFromSeed(seedOf(0x11));
const second = keypairFromSeed(seedOf(0x22));

describe('listing wallets', () => {
  it('a folder that is not there holds none', () => {
    expect(listWallets(join(temporaryRoot(), 'nowhere'))).toEqual([]);
  });

  it('a hotkey and its public file are one, public only is said, order is natural (E 95, 96)', async () => {
    const root = temporaryRoot();
    for (const hotkey of ['m10', 'm9']) {
      await saveKeys([{ location: { root, wallet: 'w10', hotkey }, keypair: first }]);
    }
    savePublicKey({ root, wallet: 'w10', hotkey: 'watched' }, second);
    savePublicKey({ root, wallet: 'w9' }, second);
    const [w9, w10] = listWallets(root);
    expect(w9).toMatchObject({ name: 'w9', coldkey: { ss58: M, isPrivate: false }, hotkeys: [] });
    expect(w10).toMatchObject({
      name: 'w10',
      coldkey: undefined,
      hotkeys: [
        { name: 'm9', ss58: V, isPrivate: true },
        { name: 'm10', ss58: V, isPrivate: true },
        { name: 'watched', ss58: M, isPrivate: false },
      ],
    });
  });

  it('one key that cannot be read does not hide the others', async () => {
    const root = temporaryRoot();
    await saveKeys([{ location: { root, wallet: 'main', hotkey: 'good' }, keypair: first }]);
    savePublicKey({ root, wallet: 'main', hotkey: 'known' }, second);
    for (const name of ['known', 'circle'])
      symlinkSync(join(root, 'main', 'hotkeys', name), join(root, 'main', 'hotkeys', name));
    expect(listWallets(root)[0]?.hotkeys).toMatchObject([
      { name: 'circle', ss58: undefined, isPrivate: true, unreadable: true },
      { name: 'good', ss58: V, isPrivate: true, unreadable: false },
      { name: 'known', ss58: M, isPrivate: true, unreadable: true },
    ]);
    expect(loadPublicKey({ root, wallet: 'main', hotkey: 'known' }).ss58).toBe(M);
    expect(() => loadPublicKey({ root, wallet: 'main', hotkey: 'circle' })).toThrow('cannot be read');
  });

  it('junk is left out; an encrypted hotkey without public file has no address (E 97, 106)', async () => {
    const root = temporaryRoot();
    await saveKeys([
      { location: { root, wallet: 'main' }, keypair: first },
      { location: { root, wallet: 'main', hotkey: 'good' }, keypair: second },
    ]);
    const hotkeys = join(root, 'main', 'hotkeys');
    writeFileSync(join(root, '.DS_Store'), 'x');
    writeFileSync(join(root, 'notes.txt'), 'x');
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'main', 'hotkeypub.txt'), '{}');
    writeFileSync(join(hotkeys, '.DS_Store'), 'x');
    writeFileSync(join(hotkeys, 'Thumbs.db'), 'x');
    writeFileSync(join(hotkeys, 'array'), '[]');
    writeFileSync(join(hotkeys, 'huge'), ' '.repeat(100_000));
    writeFileSync(join(hotkeys, '.good.1.0badcafe.sv72new'), '{}');
    mkdirSync(join(hotkeys, 'folder'));
    execFileSync('mkfifo', [join(hotkeys, 'pipe')]);
    writeFileSync(join(hotkeys, 'locked'), '$NACLabc');
    const [main, ...others] = listWallets(root);
    expect(others).toEqual([]);
    expect(main?.hotkeys).toEqual([
      {
        name: 'good',
        ss58: M,
        cryptoType: 'sr25519',
        isPrivate: true,
        unreadable: false,
        encryption: 'none',
      },
      {
        name: 'locked',
        ss58: undefined,
        cryptoType: undefined,
        isPrivate: true,
        unreadable: false,
        encryption: 'nacl',
      },
    ]);
  });

  it('an encrypted coldkey has the address of its public file', async () => {
    const root = temporaryRoot();
    savePublicKey({ root, wallet: 'main' }, first);
    writeFileSync(join(root, 'main', 'coldkey'), '$NACLabc');
    expect(listWallets(root)[0]?.coldkey).toMatchObject({ ss58: V, isPrivate: true, encryption: 'nacl' });
    rmSync(join(root, 'main', 'coldkeypub.txt'));
    expect(listWallets(root)[0]?.coldkey).toMatchObject({ ss58: undefined, encryption: 'nacl' });
  });
});
