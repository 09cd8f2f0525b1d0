import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodePassword, passwordVariable } from '../../src/wallet/password.ts';
import { Sandbox } from '../support/cli.ts';
import { keypairOf, seedOf } from './support/miner.ts';
import { type BtcliOptions, btcli } from './support/peers.ts';
import { type PythonEnvironment, type PythonSet, pythonEnvironment } from './support/venvs.ts';

const MNEMONIC = 'old leopard transfer rib spatial phone calm indicate online fire caution review';
const COLDKEY = '5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX';
const HOTKEY_SEED = seedOf('a1');
const PASSWORD = 'Tr0ub4dor-and-3';
const MESSAGE = 'gegrüßt, 0x1234';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const root = (): string => join(sandbox.home, 'wallets');
const OURS = ['--wallet-path', 'wallets', '--wallet-name', 'w', '--hotkey', 'h'];

/** What differs between the two command lines. */
interface Dialect {
  readonly set: PythonSet;
  readonly wallet: () => string[];
  readonly json: string;
  readonly create: (encrypted: boolean) => { args: string[] } & BtcliOptions;
  readonly passwordEnv: () => Record<string, string>;
  readonly addressFlag: string;
  /** Flag of the verdict in the JSON of `verify`. */
  readonly verdict: string;
  readonly listKey: string;
}

const bittensorEnv = (): Record<string, string> => {
  const name = passwordVariable(join(root(), 'w/coldkey'));
  return { [name]: encodePassword(name, PASSWORD) };
};

const dialects: readonly [string, Dialect][] = [
  [
    '9.23.2',
    {
      set: 'btcli-9',
      wallet: () => ['--wallet-path', root(), '--wallet-name', 'w', '--hotkey', 'h'],
      json: '--json-output',
      create: (encrypted) => ({
        args: ['--n-words', '12', encrypted ? '--use-password' : '--no-use-password'],
        ...(encrypted && { typed: [PASSWORD, PASSWORD] }),
      }),
      passwordEnv: bittensorEnv,
      addressFlag: '--address',
      verdict: 'verified',
      listKey: 'wallets',
    },
  ],
  [
    '11.3.0',
    {
      set: 'sdk-11',
      wallet: () => ['--wallet-path', root(), '--wallet', 'w', '--wallet-hotkey', 'h'],
      json: '--json',
      create: (encrypted) =>
        encrypted ? { args: [], input: `${PASSWORD}\n${PASSWORD}\n` } : { args: ['--no-password'] },
      passwordEnv: () => ({ BT_WALLET_PASSWORD: PASSWORD }),
      addressFlag: '--ss58',
      verdict: 'valid',
      listKey: 'coldkeys',
    },
  ],
];

async function sv72(args: readonly string[], descriptors: readonly string[] = []): Promise<unknown> {
  const { json, stderr, exit } = await sandbox.json(args, { descriptors });
  expect(exit, stderr).toBe(0);
  return json;
}

describe.each(dialects)('btcli %s', (_, dialect) => {
  let environment: PythonEnvironment;
  beforeAll(async () => {
    environment = await pythonEnvironment(dialect.set);
  });

  /** Its JSON may follow a mnemonic and a warning. */
  async function run(args: readonly string[], options: BtcliOptions = {}): Promise<Record<string, unknown>> {
    const stdout = await btcli(environment, [...args, dialect.json], { home: sandbox.home, ...options });
    return JSON.parse(stdout.slice(stdout.search(/^\{/m)));
  }

  const theySign = async (key: 'hotkey' | 'coldkey', encrypted: boolean) => {
    const which = key === 'hotkey' ? ['--use-hotkey'] : dialect.set === 'btcli-9' ? ['--no-use-hotkey'] : [];
    const args = ['wallet', 'sign', ...dialect.wallet(), '--message', MESSAGE, ...which];
    const result = await run(args, encrypted ? { env: dialect.passwordEnv() } : {});
    return { address: String(result.signer_address), signature: String(result.signed_message) };
  };

  const weSign = async (key: 'hotkey' | 'coldkey', encrypted: boolean) => {
    const which = key === 'hotkey' ? '--use-hotkey' : '--no-use-hotkey';
    const args = ['wallet', 'sign', ...OURS, '--message', MESSAGE, which];
    const unlock = encrypted && key === 'coldkey';
    const result = await sv72(unlock ? [...args, '--password-fd', '3'] : args, unlock ? [PASSWORD] : []);
    const { signer_address: address, signed_message: signature } = result as Record<string, string>;
    return { address: String(address), signature: String(signature) };
  };

  const theyVerify = async ({ address, signature }: { address: string; signature: string }) => {
    const { addressFlag, verdict } = dialect;
    const flags = ['--message', MESSAGE, '--signature', signature, addressFlag, address];
    expect(await run(['wallet', 'verify', ...flags])).toMatchObject({ [verdict]: true });
  };

  const weVerify = async ({ address, signature }: { address: string; signature: string }) => {
    const flags = ['--message', MESSAGE, '--signature', signature, '--ss58', address];
    expect(await sv72(['wallet', 'verify', ...flags])).toMatchObject({ valid: true });
  };

  test.each([
    ['plain', false],
    ['encrypted', true],
  ])('we read what it creates, %s, and each verifies the other', async (_, encrypted) => {
    const { args, ...options } = dialect.create(encrypted);
    await run(['wallet', 'create', ...dialect.wallet(), ...args], options);
    const [theirColdkey, theirHotkey] = [
      await theySign('coldkey', encrypted),
      await theySign('hotkey', false),
    ];
    expect(await sv72(['wallet', 'show', ...OURS])).toMatchObject({
      coldkey_ss58: theirColdkey.address,
      coldkey_encrypted: encrypted,
      hotkey_ss58: theirHotkey.address,
    });
    await weVerify(theirColdkey);
    await weVerify(theirHotkey);
    const [ourColdkey, ourHotkey] = [await weSign('coldkey', encrypted), await weSign('hotkey', false)];
    expect(ourColdkey.address).toBe(theirColdkey.address);
    expect(ourHotkey.address).toBe(theirHotkey.address);
    await theyVerify(ourColdkey);
    await theyVerify(ourHotkey);
  });

  test.each([
    ['plain', false],
    ['encrypted', true],
  ])('it reads what we write, %s', async (_, encrypted) => {
    const coldkey = ['wallet', 'regen-coldkey', ...OURS, '--mnemonic-fd', '3'];
    if (encrypted) await sv72([...coldkey, '--password-fd', '4'], [MNEMONIC, PASSWORD]);
    else await sv72([...coldkey, '--no-password'], [MNEMONIC]);
    await sv72(['wallet', 'regen-hotkey', ...OURS, '--seed-fd', '3'], [HOTKEY_SEED]);

    const [wallet] = (await run(['wallet', 'list', '--wallet-path', root()]))[dialect.listKey] as [unknown];
    const hotkey = keypairOf(HOTKEY_SEED).ss58;
    expect(JSON.stringify(wallet)).toContain(COLDKEY);
    expect(JSON.stringify(wallet)).toContain(hotkey);
    const signed = await theySign('coldkey', encrypted);
    expect(signed.address).toBe(COLDKEY);
    await weVerify(signed);
    const byHotkey = await theySign('hotkey', false);
    expect(byHotkey.address).toBe(hotkey);
    await weVerify(byHotkey);
  });

  test('we list what it lists', async () => {
    await run(['wallet', 'create', ...dialect.wallet(), ...dialect.create(false).args]);
    const theirs = JSON.stringify(await run(['wallet', 'list', '--wallet-path', root()]));
    const ours = await sv72(['wallet', 'list', '--wallet-path', 'wallets']);
    const { coldkeys } = ours as {
      coldkeys: { coldkey: string; ss58: string; hotkeys: { name: string; ss58: string }[] }[];
    };
    expect(coldkeys).toMatchObject([{ coldkey: 'w', hotkeys: [{ name: 'h' }] }]);
    for (const address of [coldkeys[0]?.ss58, coldkeys[0]?.hotkeys[0]?.ss58])
      expect(theirs).toContain(address);
  });
});
