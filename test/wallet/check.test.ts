import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkWallets,
  type FindingName,
  keypairFromSeed,
  loadKey,
  repair,
  saveKeys,
} from '../../src/wallet/index.ts';
import { privateKeyfile, publicKeyfile } from '../../src/wallet/keyfile.ts';
import { seedOf, temporaryRoot, V } from './support/places.ts';

const first = keypairFromSeed(seedOf(0x11));
const second = keypairFromSeed(seedOf(0x22));

/** A sound wallet with one hotkey and no coldkey, and the paths of its files. */
async function wallet() {
  const root = temporaryRoot();
  const location = { root, wallet: 'main', hotkey: 'm1' };
  await saveKeys([{ location, keypair: first }]);
  const hotkeys = join(root, 'main', 'hotkeys');
  return { root, location, hotkeys, file: join(hotkeys, 'm1'), publicFile: join(hotkeys, 'm1pub.txt') };
}

const names = async (root: string) => (await checkWallets(root)).findings.map(({ name }) => name);

/** Expects these findings, and none after repairing. */
async function expectRepairable(root: string, ...expected: FindingName[]) {
  const { findings } = await checkWallets(root);
  expect(findings.map(({ name }) => name).sort()).toEqual(expected.sort());
  expect((await repair(findings)).size).toBe(findings.length);
  expect(await names(root)).toEqual([]);
}

const withCryptoType = (bytes: Uint8Array) =>
  JSON.stringify({ ...JSON.parse(Buffer.from(bytes).toString()), cryptoType: 1 });

describe('checking wallets', () => {
  it('finds nothing wrong with what we write', async () => {
    const { root } = await wallet();
    expect(await checkWallets(root)).toMatchObject({ findings: [], wallets: ['main'], keys: 1 });
  });

  it('permissions of files and folders', async () => {
    const { root, file, publicFile, hotkeys } = await wallet();
    chmodSync(file, 0o644);
    chmodSync(publicFile, 0o664);
    chmodSync(hotkeys, 0o777);
    await expectRepairable(root, 'loose-permissions', 'loose-permissions', 'open-folder');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('a public file of another key', async () => {
    const { root, location, publicFile } = await wallet();
    writeFileSync(publicFile, publicKeyfile(second));
    expect((await loadKey(location)).stalePublicFile).toBe(true);
    await expectRepairable(root, 'stale-public-file');
    expect(readFileSync(publicFile, 'utf8')).toContain(V);
  });

  it('a missing, a damaged and a secret public file', async () => {
    const { root, publicFile } = await wallet();
    rmSync(publicFile);
    await expectRepairable(root, 'missing-public-file');
    writeFileSync(publicFile, 'x');
    await expectRepairable(root, 'damaged-public-file');
    writeFileSync(publicFile, privateKeyfile(first));
    await expectRepairable(root, 'damaged-public-file');
  });

  it('the numeric cryptoType, which older tools cannot read', async () => {
    const { root, file, publicFile } = await wallet();
    writeFileSync(file, withCryptoType(privateKeyfile(first)));
    writeFileSync(publicFile, withCryptoType(publicKeyfile(first)));
    await expectRepairable(root, 'numeric-crypto-type', 'numeric-crypto-type');
    for (const path of [file, publicFile]) expect(readFileSync(path, 'utf8')).not.toContain('cryptoType');
  });

  it('a seed as raw text, and a missing address', async () => {
    const { root, file } = await wallet();
    const fields = JSON.parse(Buffer.from(privateKeyfile(first)).toString());
    writeFileSync(file, JSON.stringify({ ...fields, secretSeed: `0x${'\x11'.repeat(32)}` }));
    await expectRepairable(root, 'text-seed');
    writeFileSync(file, JSON.stringify({ secretSeed: fields.secretSeed }));
    await expectRepairable(root, 'no-address');
    expect(readFileSync(file)).toEqual(Buffer.from(privateKeyfile(first)));
  });

  it('a secret of another key than the address, and damage: only a person can help', async () => {
    const { root, file } = await wallet();
    const fields = JSON.parse(Buffer.from(privateKeyfile(second)).toString());
    writeFileSync(file, JSON.stringify({ ...fields, ss58Address: V, publicKey: null, accountId: null }));
    expect(await names(root)).toEqual(['key-mismatch']);
    writeFileSync(file, '{"broken');
    expect(await names(root)).toEqual(['damaged-file']);
    expect((await repair((await checkWallets(root)).findings)).size).toBe(0);
  });

  it('the same hotkey in two places, and a hotkey that is a coldkey', async () => {
    const { root } = await wallet();
    await saveKeys([{ location: { root, wallet: 'other', hotkey: 'copy' }, keypair: first }]);
    expect(await names(root)).toEqual(['duplicate-hotkey']);
    const one = await checkWallets(root, { wallet: 'other' });
    expect(one.findings[0]?.message).toContain('main/m1, other/copy');
    await saveKeys([{ location: { root, wallet: 'third' }, keypair: first }]);
    expect((await names(root)).sort()).toEqual([
      'duplicate-hotkey',
      'hotkey-is-coldkey',
      'unencrypted-coldkey',
    ]);
  });

  it('encrypted keys are opened only with passwords', async () => {
    const { root } = await wallet();
    const vault = `$ANSIBLE_VAULT;1.1;AES256
30303031303230333034303530363037303830393061306230633064306530663130313131323133
3134313531363137313831393161316231633164316531660a373964373865306434613263343064
33336237363235613834653030656463366163336330343032346536653034663230393531393233
3130363231656638390a333537653831653263363962386331303537656637333431393736343739
3732
`;
    writeFileSync(join(root, 'main', 'coldkey'), vault, { mode: 0o600 });
    expect(await names(root)).toEqual(['old-encryption']);
    const passwords = (password: string) =>
      async function* () {
        yield { password, from: 'the test' };
      };
    const look = async (password: string) =>
      (await checkWallets(root, { passwords: passwords(password) })).findings.map(({ name }) => name);
    expect(await look('wrong')).toEqual(['old-encryption', 'wrong-password']);
    expect(await look('testing')).toEqual(['old-encryption', 'damaged-file']);
  });

  it('leftovers: ours are removed once their process is gone, those of others are only named', async () => {
    const { root, hotkeys } = await wallet();
    const gone = join(hotkeys, '.m1.999999999.0badcafe.sv72new');
    const running = join(hotkeys, `.m1.${process.pid}.0badcafe.sv72new`);
    writeFileSync(gone, 'secret', { mode: 0o600 });
    writeFileSync(running, 'secret', { mode: 0o600 });
    writeFileSync(join(hotkeys, 'm2.tmp'), '', { mode: 0o600 });
    const { findings } = await checkWallets(root);
    expect(findings.map(({ name }) => name).sort()).toEqual(['foreign-leftover', 'leftover', 'not-a-key']);
    await repair(findings);
    expect([gone, running].map((path) => existsSync(path))).toEqual([false, true]);
  });

  it.each([
    ['before the private key was replaced, the old one', true, first],
    ['after it, the new one', false, second],
  ])('a public file that was away from its place is put back: %s', async (_, isStaged, expected) => {
    const root = temporaryRoot();
    const folder = join(root, 'main');
    const leftover = (name: string, state: string) =>
      join(folder, `.${name}.999999999.0badcafe.sv72${state}`);
    mkdirSync(folder, { mode: 0o700 });
    const write = (path: string, bytes: string | Uint8Array) => writeFileSync(path, bytes, { mode: 0o600 });
    // Encrypted, so that only these files can tell the address.
    write(join(folder, 'coldkey'), '$NACL-current');
    write(leftover('coldkey', 'old'), '$NACL-old');
    if (isStaged) write(leftover('coldkey', 'new'), '$NACL-new');
    write(leftover('coldkeypub.txt', 'old'), publicKeyfile(first));
    write(leftover('coldkeypub.txt', 'new'), publicKeyfile(second));
    await repair((await checkWallets(root)).findings);
    expect(readdirSync(folder).sort()).toEqual(['coldkey', 'coldkeypub.txt']);
    expect(readFileSync(join(folder, 'coldkey'), 'utf8')).toBe('$NACL-current');
    expect(readFileSync(join(folder, 'coldkeypub.txt'))).toEqual(Buffer.from(publicKeyfile(expected)));
  });

  it('a wallet that does not exist, and files that are no files', async () => {
    const { root, hotkeys } = await wallet();
    await expect(checkWallets(root, { wallet: 'nope' })).rejects.toMatchObject({
      code: 'ERR_WALLET_NOT_FOUND',
    });
    mkdirSync(join(root, 'main', 'coldkey'));
    writeFileSync(join(hotkeys, 'huge'), ' '.repeat(100_000), { mode: 0o600 });
    expect((await names(root)).sort()).toEqual(['unreadable-file', 'unreadable-file']);
  });
});
