import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keypairFromMnemonic, keypairFromSeed, loadKey, saveKeys } from '../../../src/wallet/index.ts';
import { finished } from '../../support/cli.ts';
import { Terminal } from '../../support/terminal.ts';
import { contents, PHRASE, PHRASE_SS58, sandbox } from './support.ts';

describe('wallet commands in a terminal', { timeout: 180_000 }, () => {
  it('create asks for what is missing, and shows the mnemonic once, when the files are there', async () => {
    const box = sandbox();
    const terminal = new Terminal(box, ['wallet', 'new-coldkey']);
    await terminal.see('Name of the wallet');
    terminal.type('main\r');
    await terminal.see('New password for the coldkey of wallet "main"');
    terminal.type('   \r');
    await terminal.see('The password is empty');
    await terminal.see('New password');
    terminal.type(' short \r');
    await terminal.see('This password is short');
    await terminal.see('Again');
    terminal.type('different\r');
    await terminal.see('not the same');
    await terminal.see('New password');
    terminal.type('correct horse battery\r');
    await terminal.see('Again');
    terminal.type('correct horse battery\r');
    await terminal.see('Deriving the encryption key');
    await terminal.see('Mnemonic of the coldkey');
    expect(existsSync(join(box.wallets, 'main', 'coldkey'))).toBe(true);
    expect(await terminal.exit()).toBe(0);
    const [, mnemonic = ''] = /Mnemonic of the coldkey:\s+([a-z ]+?)\s*\r?\n/.exec(terminal.screen) ?? [];
    const { ss58 } = keypairFromMnemonic(mnemonic);
    expect(terminal.screen).toContain(ss58);
    expect(terminal.screen.split(mnemonic)).toHaveLength(2);
    for (const password of ['correct horse', 'short ', 'different'])
      expect(terminal.screen).not.toContain(` ${password}`);
  });

  it('regen hides the secret as it is typed', async () => {
    const box = sandbox();
    const terminal = new Terminal(box, ['wallet', 'regen-hotkey', '-w', 'main', '-H', 'm1']);
    await terminal.see('Restore the key from');
    terminal.type('\r');
    await terminal.see('Mnemonic (not shown as you type)');
    terminal.type(`${PHRASE}\r`);
    await terminal.see(PHRASE_SS58);
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen).not.toContain('leopard');
  });

  it('a key is replaced only when the name of its wallet is typed', async () => {
    const box = sandbox();
    const location = { root: box.wallets, wallet: 'main', hotkey: 'm1' };
    await saveKeys([{ location, keypair: keypairFromSeed(new Uint8Array(32).fill(1)) }]);
    const before = contents(box.wallets);
    for (const [answer, exit] of [
      ['y', 1],
      ['main', 0],
    ] as const) {
      const terminal = new Terminal(box, ['wallet', 'new-hotkey', '-w', 'main', '-H', 'm1']);
      await terminal.see('Type the name of the wallet');
      terminal.type(`${answer}\r`);
      expect(await terminal.exit()).toBe(exit);
      if (exit === 1) expect(contents(box.wallets)).toEqual(before);
    }
    expect((await loadKey(location)).stalePublicFile).toBe(false);
    expect(contents(box.wallets)).not.toEqual(before);
  });

  it('Ctrl-C at a question changes nothing', async () => {
    const box = sandbox();
    const terminal = new Terminal(box, ['wallet', 'create', '-w', 'main', '-H', 'm1']);
    await terminal.see('New password');
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(130);
    expect(contents(box.wallets)).toEqual({});
  });

  it('Ctrl-C while the key is derived changes nothing', async () => {
    const box = sandbox();
    const location = { root: box.wallets, wallet: 'main' };
    await saveKeys([{ location, keypair: keypairFromSeed(new Uint8Array(32).fill(1)) }]);
    const before = contents(box.wallets);
    const args = ['wallet', 'new-coldkey', '-w', 'main', '--overwrite'];
    const terminal = new Terminal(box, args, { BT_WALLET_PASSWORD: 'correct horse' });
    await terminal.see('Deriving the encryption key');
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(130);
    expect(contents(box.wallets)).toEqual(before);
    expect(terminal.screen).not.toContain('Mnemonic of');
  });

  it('a signal to the process while the key is derived changes nothing', async () => {
    const box = sandbox();
    const child = box.start(
      ['wallet', 'new-coldkey', '-w', 'main', '--password-fd', '3', '--mnemonic-fd', '4'],
      {
        descriptors: ['correct horse', ''],
      },
    );
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('Deriving')) child.kill('SIGTERM');
    });
    expect((await finished(child)).exit).not.toBe(0);
    expect(contents(box.wallets)).toEqual({});
  });
});
