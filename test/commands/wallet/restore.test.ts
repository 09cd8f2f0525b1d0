import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectSchema } from '../../support/schema.ts';
import { contents, M, PHRASE, PHRASE_SS58, SEED_11, sandbox, V } from './support.ts';

const EXPORTED = JSON.stringify({
  encoded:
    'Z1yzxASuj21ej3CANbZKc3ibDaOpQPMahTT0qkniyZgAgAAAAQAAAAgAAACSDgflXWKXrX36EmX9XcA6cRpkN+oZX30/9FhtNP17krIG/yHLKmDnL1km1W/nZ+BpC7Qid6IuBvbZeboFyewFeXsKtcoY/bRY6nx/cLB5BND9WpXXS6Enf4RXAX7vPu/BY+o2z7VwPaXyFARfyPTiqJKqLDJWm3W5ZlvK0ks8FBv66mWEBYc+lLx8jvuzDNkdD3pnV3G802OwwHTy',
  encoding: { content: ['pkcs8', 'sr25519'], type: ['scrypt', 'xsalsa20-poly1305'], version: '3' },
  address: '5CuByUQBWZci5AtXonuHHhcbRL3yxM5xDdJsTNaYN3vPDY6f',
});
const V_PRIVATE =
  '0x704b72419b89bab3a4632685428901bf5715b44e40ec0df50f01fdc1553bf60b092539815e61663c7f9c4c9c377346f5d2936875bd760f0ac5c5f4f6e78a6d76';
const NUMBERED = PHRASE.split(' ')
  .map((word, index) => `${index + 1}-${word}`)
  .reverse()
  .join(' ');

describe.each([
  ['regen-coldkey', ['--no-password']],
  ['regen-hotkey', ['-H', 'm1']],
])('wallet %s', (command, flags) => {
  const base = ['wallet', command, '-w', 'main', ...flags];

  it.each([
    ['a mnemonic', '--mnemonic-fd', `${PHRASE}\n`, PHRASE_SS58],
    ['numbered words', '--mnemonic-fd', NUMBERED, PHRASE_SS58],
    ['a seed', '--seed-fd', `0x${SEED_11}\n`, V],
    ['a seed without 0x', '--seed-fd', '22'.repeat(32), M],
    ['a private key', '--private-key-fd', V_PRIVATE, V],
    ['a private key where a seed is asked for', '--seed-fd', V_PRIVATE, V],
  ])('from %s', async (_, flag, secret, ss58) => {
    const box = sandbox();
    const result = await box.json([...base, flag, '3'], { descriptors: [secret] });
    expect(result, result.stderr).toMatchObject({
      exit: 0,
      json: { wallet: 'main', ss58, encrypted: false },
    });
    expectSchema(`wallet ${command}`, result.json);
    expect(result.stdout + result.stderr).not.toContain(secret.trim());
  });

  it('from stdin', async () => {
    const box = sandbox();
    const result = await box.json([...base, '--mnemonic-fd', '0'], { stdin: PHRASE });
    expect(result.json).toMatchObject({ ss58: PHRASE_SS58 });
  });

  it('from a JSON file of polkadot-js', async () => {
    const box = sandbox();
    writeFileSync(join(box.home, 'account.json'), EXPORTED);
    const args = [...base, '--json-path', 'account.json', '--json-password-fd', '3'];
    const wrong = await box.json(args, { descriptors: ['nope'] });
    expect(wrong.json).toMatchObject({ error: { code: 'ERR_PASSWORD' } });
    expect(contents(box.wallets)).toEqual({});
    const result = await box.json(args, { descriptors: ['Password123'] });
    expect(result.json).toMatchObject({ ss58: '5CuByUQBWZci5AtXonuHHhcbRL3yxM5xDdJsTNaYN3vPDY6f' });
  });

  it.each([
    ['a word too few', '--mnemonic-fd', PHRASE.replace(' review', ''), 'ERR_MNEMONIC'],
    ['a wrong word', '--mnemonic-fd', PHRASE.replace('leopard', 'leopards'), 'ERR_MNEMONIC'],
    ['a short seed', '--seed-fd', '0x1111', 'ERR_KEY_MATERIAL'],
    ['no hexadecimal', '--seed-fd', 'zz'.repeat(32), 'ERR_KEY_MATERIAL'],
    ['nothing', '--mnemonic-fd', '', 'ERR_PASSWORD_SOURCE'],
  ])('%s changes nothing and is not repeated', async (_, flag, secret, code) => {
    const box = sandbox();
    await box.run([...base, '--seed-fd', '3'], { descriptors: [SEED_11] });
    const before = contents(box.wallets);
    const result = await box.json([...base, flag, '3', '--overwrite'], { descriptors: [secret] });
    expect(result).toMatchObject({ exit: 1, json: { error: { code } } });
    if (secret !== '') expect(result.stdout + result.stderr).not.toContain(secret);
    expect(contents(box.wallets)).toEqual(before);
  });

  it('needs one secret, and only one', async () => {
    const box = sandbox();
    expect((await box.json(base)).json).toMatchObject({ error: { code: 'ERR_NEEDS_ANSWER' } });
    const two = await box.json([...base, '--seed-fd', '3', '--mnemonic-fd', '4'], {
      descriptors: [SEED_11, PHRASE],
    });
    expect(two.json).toMatchObject({ error: { code: 'ERR_USAGE' } });
  });
});

describe('secrets on the command line', () => {
  it.each([
    [['regen-coldkey', '--mnemonic', PHRASE]],
    [['regen-coldkey', '--mnemonic', ...PHRASE.split(' ')]],
    [['regen-coldkey', `--mnemonic=${PHRASE}`]],
    [['regen-hotkey', '--seed', `0x${SEED_11}`]],
    [['regen-hotkey', '--private-key', V_PRIVATE]],
    [['regen-coldkey', '--json-path', 'x', '--json-password', 'leopard']],
    [['sign', '--password', 'leopard']],
    [['w', 'regen_coldkey', '--mnemonic', PHRASE].slice(1)],
  ])('%j is refused, and not repeated', async (args) => {
    const box = sandbox();
    for (const extra of [[], ['--json']]) {
      const result = await box.run(['wallet', ...args, ...extra]);
      expect(result.exit).toBe(2);
      expect(result.stdout + result.stderr).toContain('ERR_SECRET_IN_ARGUMENTS');
      for (const secret of ['leopard', '1111', '704b'])
        expect(result.stdout + result.stderr).not.toContain(secret);
    }
    expect(contents(box.wallets)).toEqual({});
  });
});

describe('wallet regen-coldkeypub and regen-hotkeypub', () => {
  it.each([
    ['regen-coldkeypub', [], ['--ss58', V]],
    ['regen-coldkeypub', [], ['--ss58-address', V]],
    [
      'regen-hotkeypub',
      ['-H', 'm1'],
      ['--public-key-hex', '0x50780547322a1ceba67ea8c552c9bc6c686f8698ac9a8cafab7cd15a1db19859'],
    ],
  ])('%s writes only the public file', async (command, names, key) => {
    const box = sandbox();
    const result = await box.json(['wallet', command, '-w', 'main', ...names, ...key]);
    expect(result, result.stderr).toMatchObject({ exit: 0, json: { ss58: V } });
    expectSchema(`wallet ${command}`, result.json);
    expect(Object.values(contents(box.wallets))).toHaveLength(1);
  });

  it('refuses a wrong address, two different keys, none, and the address of another key', async () => {
    const box = sandbox();
    const run = async (...key: string[]) =>
      (await box.json(['wallet', 'regen-hotkeypub', '-w', 'main', '-H', 'm1', '--overwrite', ...key])).json;
    expect(await run('--ss58', `${V}x`)).toMatchObject({ error: { code: 'ERR_ADDRESS' } });
    expect(await run('--ss58', V, '--public-key', '22'.repeat(32))).toMatchObject({
      error: { code: 'ERR_KEY_MISMATCH' },
    });
    expect(await run()).toMatchObject({ error: { code: 'ERR_USAGE' } });
    await box.run(['wallet', 'regen-hotkey', '-w', 'main', '-H', 'm1', '--seed-fd', '3'], {
      descriptors: [SEED_11],
    });
    expect(await run('--ss58', M)).toMatchObject({ error: { code: 'ERR_KEY_MISMATCH' } });
    expect(await run('--ss58', V)).toMatchObject({ ss58: V });
  });
});

describe('a secret where something else belongs', () => {
  it.each([
    [['regen-coldkey', '--mnemonic-fd', PHRASE], 'ERR_USAGE'],
    [['regen-coldkey', '--seed-fd', `0x${SEED_11}`], 'ERR_USAGE'],
    [['regen-coldkey', ...PHRASE.split(' ')], 'ERR_USAGE'],
    [['sign', '-w', 'main', '-m', 'x', '--no-use-hotkey', '--password-file', 'leopard'], 'ERR_FILE_READ'],
    [['regen-coldkeypub', '-w', 'main', '--ss58', PHRASE], 'ERR_ADDRESS'],
    [['verify', '-m', 'x', '-s', 'x', '-a', `0x${SEED_11}11`], 'ERR_ADDRESS'],
  ])('%j is not repeated', async (args, code) => {
    const box = sandbox();
    mkdirSync(join(box.wallets, 'main'), { recursive: true });
    writeFileSync(join(box.wallets, 'main', 'coldkey'), '$NACLabc');
    const result = await box.run(['wallet', ...args], { env: { DEBUG: 'sv72' } });
    expect(result.stderr).toContain(code);
    for (const secret of ['leopard', '1111']) expect(result.stdout + result.stderr).not.toContain(secret);
  });
});
