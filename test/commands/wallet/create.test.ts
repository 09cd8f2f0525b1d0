import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encryptionOf } from '../../../src/wallet/encryption/index.ts';
import { keypairFromMnemonic, loadKey } from '../../../src/wallet/index.ts';
import { finished } from '../../support/cli.ts';
import { expectSchema } from '../../support/schema.ts';
import { contents, runWithOutput, sandbox } from './support.ts';

describe('wallet create', () => {
  it('writes an encrypted coldkey and a plain hotkey; the mnemonics go to the descriptor alone', {
    timeout: 180_000,
  }, async () => {
    const box = sandbox();
    const result = await runWithOutput(
      box,
      [
        'create',
        '-w',
        'main',
        '-H',
        'm1',
        '--password-fd',
        '3',
        '--mnemonic-fd',
        '4',
        '--n-words',
        '24',
        '--json',
      ],
      4,
      { descriptors: ['correct horse\n'] },
    );
    expect(result, result.stderr).toMatchObject({ exit: 0 });
    const json = JSON.parse(result.stdout);
    expectSchema('wallet create', json);

    const [cold = '', hot = '', ...rest] = result.written.split('\n');
    expect(rest).toEqual(['']);
    expect(cold.split(' ')).toHaveLength(24);
    expect(json).toMatchObject({
      coldkey: 'main',
      hotkey: 'm1',
      coldkey_ss58: keypairFromMnemonic(cold).ss58,
      hotkey_ss58: keypairFromMnemonic(hot).ss58,
      coldkey_encrypted: true,
      path: box.wallets,
    });
    const shown = result.stdout + result.stderr;
    for (const secret of [cold, hot, 'correct horse']) expect(shown).not.toContain(secret);

    const files = contents(box.wallets);
    expect(encryptionOf(Buffer.from(files['main/coldkey'] ?? '', 'latin1'))).toBe('nacl');
    expect(json.files).toHaveLength(4);
    for (const file of json.files) expect(statSync(file).mode & 0o777).toBe(0o600);
    const opened = await loadKey({ root: box.wallets, wallet: 'main' }, async function* () {
      yield { password: 'correct horse', from: 'the test' };
    });
    expect(opened.keypair.ss58).toBe(json.coldkey_ss58);
  });

  it.each([
    ['a terminal or descriptor for the mnemonic', ['--no-password'], 'ERR_NOWHERE_TO_SHOW'],
    ['a descriptor that is open', ['--no-password', '--mnemonic-fd', '9'], 'ERR_NOWHERE_TO_SHOW'],
    ['a password', ['--mnemonic-fd', '1'], 'ERR_NEEDS_ANSWER'],
    ['a password that is not empty', ['--mnemonic-fd', '1', '--password-fd', '0'], 'ERR_PASSWORD_SOURCE'],
    [
      'a number of words that exists',
      ['--mnemonic-fd', '1', '--no-password', '--n-words', '13'],
      'ERR_USAGE',
    ],
  ])('writes nothing without %s', async (_, flags, code) => {
    const box = sandbox();
    const result = await box.run(['wallet', 'create', '-w', 'main', '-H', 'm1', ...flags]);
    expect(result.stderr).toContain(code);
    expect(result.exit).not.toBe(0);
    expect(contents(box.wallets)).toEqual({});
  });

  it('writes nothing without names', async () => {
    const box = sandbox();
    const result = await box.json(['wallet', 'create', '--no-password', '--mnemonic-fd', '1']);
    expect(result).toMatchObject({ exit: 2, json: { error: { code: 'ERR_NEEDS_ANSWER' } } });
    expect(contents(box.wallets)).toEqual({});
  });

  it.each(['../evil', 'a/b', '.hidden', 'xpub.txt'])('refuses the name %s', async (name) => {
    const box = sandbox();
    for (const names of [
      ['-w', name, '-H', 'm1'],
      ['-w', 'main', '-H', name],
    ]) {
      const result = await box.run(['wallet', 'create', ...names, '--no-password', '--mnemonic-fd', '1']);
      expect(result.exit).toBe(2);
    }
    expect(contents(join(box.home, '.bittensor'))).toEqual({});
  });

  it('keeps no key whose mnemonic nobody could take', async () => {
    const box = sandbox();
    const args = ['wallet', 'create', '-w', 'w', '-H', 'h', '--no-password', '--mnemonic-fd', '3'];
    const child = box.start(args, { descriptors: [''] });
    child.stdio[3]?.destroy();
    child.stdin.end();
    const result = await finished(child);
    expect(result.stderr).toContain('ERR_NOWHERE_TO_SHOW');
    expect(result.exit).toBe(2);
    expect(contents(box.wallets)).toEqual({});
  });

  it('replaces nothing unasked', async () => {
    const box = sandbox();
    const args = ['new-hotkey', '-w', 'main', '-H', 'm1', '--mnemonic-fd', '3'];
    expect(await runWithOutput(box, args, 3)).toMatchObject({ exit: 0 });
    const before = contents(box.wallets);
    for (const again of [args, ['create', ...args.slice(1), '--no-password'], [...args, '--no-overwrite']]) {
      const result = await runWithOutput(box, again, 3);
      expect(result).toMatchObject({ exit: 1, written: '' });
      expect(result.stderr).toContain('ERR_KEY_EXISTS');
    }
    expect(contents(box.wallets)).toEqual(before);
    expect(await runWithOutput(box, [...args, '--overwrite'], 3)).toMatchObject({ exit: 0 });
    expect(contents(box.wallets)).not.toEqual(before);
  });
});

describe('wallet new-coldkey and new-hotkey', () => {
  it.each(['new-coldkey', 'new_coldkey', 'new-hotkey'])('%s says what it made', async (command) => {
    const box = sandbox();
    const hotkey = command === 'new-hotkey' ? ['-H', 'm1'] : [];
    const args = [command, '--name', 'main', ...hotkey, '--no-use-password', '--mnemonic-fd', '3', '--json'];
    const result = await runWithOutput(box, args, 3);
    const json = JSON.parse(result.stdout);
    expectSchema(`wallet ${command.replace('_', '-')}`, json);
    expect(json).toMatchObject({
      wallet: 'main',
      encrypted: false,
      ss58: keypairFromMnemonic(result.written.trim()).ss58,
    });
    expect(Object.keys(contents(box.wallets))).toHaveLength(2);
  });

  it('ed25519 on request, and public development keys by name', async () => {
    const box = sandbox();
    const ed = [
      'new-hotkey',
      '-w',
      'main',
      '-H',
      'ed',
      '--crypto-type',
      'ed25519',
      '--mnemonic-fd',
      '3',
      '--json',
    ];
    const made = await runWithOutput(box, ed, 3);
    expect(JSON.parse(made.stdout)).toMatchObject({
      crypto_type: 'ed25519',
      ss58: keypairFromMnemonic(made.written.trim(), 'ed25519').ss58,
    });
    const alice = await box.json(['wallet', 'new-coldkey', '-w', 'alice', '--uri', 'alice', '--no-password']);
    expect(alice.json).toMatchObject({ ss58: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' });
    const phrase = await box.run([
      'wallet',
      'new-coldkey',
      '-w',
      'x',
      '--uri',
      'old leopard//x',
      '--no-password',
    ]);
    expect(phrase.stderr).toContain('ERR_SECRET_IN_ARGUMENTS');
    expect(phrase.stderr).not.toContain('leopard');
  });
});
