import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  encodePassword,
  keypairFromSeed,
  passwordVariable,
  saveKeys,
  verifySignature,
} from '../../../src/wallet/index.ts';
import { expectSchema } from '../../support/schema.ts';
import { M, sandbox, V } from './support.ts';

let box: ReturnType<typeof sandbox>;
const first = keypairFromSeed(new Uint8Array(32).fill(0x11));
const second = keypairFromSeed(new Uint8Array(32).fill(0x22));

beforeEach(async () => {
  box = sandbox();
  await saveKeys([
    { location: { root: box.wallets, wallet: 'main' }, keypair: first },
    { location: { root: box.wallets, wallet: 'main', hotkey: 'm1' }, keypair: second },
  ]);
});

describe('wallet list', () => {
  it('as a tree and as JSON', async () => {
    writeFileSync(join(box.wallets, 'main', 'hotkeys', 'locked'), '$NACLabc');
    const tree = await box.run(['wallet', 'list']);
    expect(tree.stdout).toBe(`${box.wallets}\n  main  ${V}\n    locked  <ENCRYPTED>\n    m1      ${M}\n`);
    const result = await box.json(['w', 'list']);
    expectSchema('wallet list', result.json);
    const key = { crypto_type: 'sr25519', encrypted: false, private: true };
    expect(result.json).toEqual({
      path: box.wallets,
      coldkeys: [
        {
          coldkey: 'main',
          ss58: V,
          ...key,
          hotkeys: [
            { name: 'locked', ss58: null, crypto_type: null, encrypted: true, private: true },
            { name: 'm1', ss58: M, ...key },
          ],
        },
      ],
    });
  });

  it.each([
    ['--wallet-path', 'nowhere'],
    ['-p', 'nowhere'],
    ['--wallet.path', 'nowhere'],
  ])('an empty folder by %s is an empty list', async (...flags) => {
    expect((await box.json(['wallets', 'list', ...flags])).json).toEqual({
      path: expect.stringContaining('nowhere'),
      coldkeys: [],
    });
  });
});

describe('wallet show', () => {
  it('the addresses of a wallet and its hotkey', async () => {
    const result = await box.json(['wallet', 'show', '-w', 'main', '-H', 'm1']);
    expectSchema('wallet show', result.json);
    expect(result.json).toMatchObject({ coldkey_ss58: V, hotkey: 'm1', hotkey_ss58: M });
    const none = await box.json(['wallet', 'show', '-w', 'main', '-H', 'nope']);
    expectSchema('wallet show', none.json);
    expect(none.json).toMatchObject({ coldkey_ss58: V, hotkey: null, hotkey_ss58: null });
    expect(await box.json(['wallet', 'show', '-w', 'nope'])).toMatchObject({
      exit: 1,
      json: { error: { code: 'ERR_WALLET_NOT_FOUND' } },
    });
  });
});

describe('wallet sign and verify', () => {
  it.each(['hello', '0x1234', 'Zürich 🚧', ''])('the UTF-8 bytes of %j (E 103)', async (message) => {
    const signed = await box.json([
      'wallet',
      'sign',
      '-w',
      'main',
      '-H',
      'm1',
      '--use-hotkey',
      '--message',
      message,
    ]);
    expectSchema('wallet sign', signed.json);
    const { signed_message: signature, signer_address: ss58 } = signed.json as Record<string, string>;
    expect(ss58).toBe(M);
    expect(
      verifySignature({
        ss58: M,
        message: Buffer.from(message),
        signature: Buffer.from(signature ?? '', 'hex'),
      }),
    ).toBe(true);
    for (const spelling of [signature, `0x${signature}`]) {
      const verified = await box.json([
        'wallet',
        'verify',
        '-m',
        message,
        '-s',
        String(spelling),
        '--ss58',
        M,
      ]);
      expect(verified).toMatchObject({ exit: 0, json: { valid: true, ss58: M, crypto_type: 'sr25519' } });
      expectSchema('wallet verify', verified.json);
    }
  });

  it('an invalid signature is exit 1, with JSON and without', async () => {
    for (const signature of ['00'.repeat(64), 'x', '']) {
      const args = ['wallet', 'verify', '-m', 'hello', '--signature', signature, '--address', V];
      expect(await box.json(args)).toMatchObject({ exit: 1, json: { valid: false, crypto_type: null } });
      expect(await box.run(args)).toMatchObject({ exit: 1, stdout: expect.stringContaining('Not valid') });
    }
  });

  it('what a browser extension wrapped, a public key as address, and ed25519', async () => {
    const wrapped = Buffer.from(first.sign(Buffer.from('<Bytes>hello</Bytes>'))).toString('hex');
    const key = Buffer.from(first.publicKey).toString('hex');
    const verify = async (signature: string, address: string) =>
      (await box.json(['wallet', 'verify', '-m', 'hello', '-s', signature, '-a', address])).json;
    expect(await verify(wrapped, key)).toMatchObject({ valid: true, ss58: V });
    const ed = keypairFromSeed(new Uint8Array(32).fill(1), 'ed25519');
    const signature = Buffer.from(ed.sign(Buffer.from('hello'))).toString('hex');
    expect(await verify(signature, ed.ss58)).toMatchObject({ valid: true, crypto_type: 'ed25519' });
  });

  it('asks which key, and refuses to guess', async () => {
    expect(await box.json(['wallet', 'sign', '-w', 'main', '--message', 'x'])).toMatchObject({
      exit: 2,
      json: { error: { code: 'ERR_NEEDS_ANSWER' } },
    });
    const coldkey = await box.json(['wallet', 'sign', '-w', 'main', '--message', 'x', '--no-use-hotkey']);
    expect(coldkey.json).toMatchObject({ signer_address: V });
  });
});

/** An Ansible vault is an encrypted key that opens fast; its contents are not a key, so opening it ends in ERR_KEYFILE. */
const VAULT = `$ANSIBLE_VAULT;1.1;AES256
30303031303230333034303530363037303830393061306230633064306530663130313131323133
3134313531363137313831393161316231633164316531660a373964373865306434613263343064
33336237363235613834653030656463366163336330343032346536653034663230393531393233
3130363231656638390a333537653831653263363962386331303537656637333431393736343739
3732
`;

describe('passwords', () => {
  const sign = ['wallet', 'sign', '-w', 'main', '--no-use-hotkey', '--message', 'x'];
  let file: string;
  beforeEach(() => {
    file = join(box.wallets, 'main', 'coldkey');
    writeFileSync(file, VAULT);
    writeFileSync(join(box.home, 'password'), ' testing \n');
  });

  it('come from a descriptor, a file, and the environment', async () => {
    const variable = passwordVariable(file);
    const sources: { args?: string[]; options?: Parameters<typeof box.run>[1] }[] = [
      { args: ['--password-fd', '3'], options: { descriptors: ['testing\n'] } },
      { args: ['--password-fd', '0'], options: { stdin: 'testing' } },
      { args: ['--password-file', 'password'] },
      { options: { env: { BT_WALLET_PASSWORD: 'testing' } } },
      { options: { env: { BT_WALLET_PASSWORD_FILE: join(box.home, 'password') } } },
      { options: { env: { [variable]: encodePassword(variable, 'testing') } } },
    ];
    for (const { args = [], options } of sources) {
      const opened = await box.json([...sign, ...args], options);
      expect(opened.json, JSON.stringify(args)).toMatchObject({ error: { code: 'ERR_KEYFILE' } });
    }
  });

  it('that are wrong or missing say so', async () => {
    const wrong = await box.json(sign, { env: { BT_WALLET_PASSWORD: 'hunter2' } });
    expect(wrong).toMatchObject({ exit: 1, json: { error: { code: 'ERR_PASSWORD' } } });
    expect(wrong.stdout + wrong.stderr).toContain('BT_WALLET_PASSWORD');
    expect(wrong.stdout + wrong.stderr).not.toContain('hunter2');
    expect((await box.json(sign)).json).toMatchObject({ error: { code: 'ERR_NEEDS_ANSWER' } });
    const bad = await box.json(sign, { env: { [passwordVariable(file)]: '!' } });
    expect(bad.json).toMatchObject({ error: { code: 'ERR_PASSWORD_SOURCE' } });
  });
});

describe('wallet check', () => {
  it('exit 1 and advice while something is wrong, 0 after --fix', async () => {
    const file = join(box.wallets, 'main', 'hotkeys', 'm1');
    chmodSync(file, 0o644);
    const found = await box.run(['wallet', 'check']);
    expect(found.exit).toBe(1);
    expect(found.stdout).toContain(`chmod 600 ${file}`);
    const json = await box.json(['wallet', 'check']);
    expectSchema('wallet check', json.json);
    expect(json).toMatchObject({ exit: 1, json: { problems: 1, wallets: ['main'], keys: 2 } });
    const fixed = await box.json(['wallet', 'check', '--fix']);
    expectSchema('wallet check', fixed.json);
    expect(fixed).toMatchObject({ exit: 0, json: { problems: 0 } });
    expect(await box.run(['wallet', 'check', '-w', 'main'])).toMatchObject({ exit: 0 });
    expect(await box.run(['wallet', 'check', '-w', 'nope'])).toMatchObject({ exit: 1 });
  });
});
