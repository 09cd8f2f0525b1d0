import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keypairFromSeed, listWallets, saveKeys, savePublicKey } from '../../src/wallet/index.ts';
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
      { name: 'good', ss58: M, cryptoType: 'sr25519', isPrivate: true, encryption: 'none' },
      { name: 'locked', ss58: undefined, cryptoType: undefined, isPrivate: true, encryption: 'nacl' },
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
