import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Sandbox } from '../support/cli.ts';
import { keypairOf, seedOf } from './support/miner.ts';
import { askPython } from './support/peers.ts';
import type { PythonSet } from './support/venvs.ts';

const MNEMONIC = 'old leopard transfer rib spatial phone calm indicate online fire caution review';
const COLDKEY = '5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX';
const PASSWORD = 'Tr0ub4dor-and-3';
const MESSAGE = 'gegrüßt, 0x1234';
/** Not valid UTF-8, which wallets in Rust up to 4.1 write wrongly. */
const HOTKEY_SEED = seedOf('a1');

interface WalletFacts {
  readonly coldkey: string;
  readonly coldkeypub: string;
  readonly hotkey: string;
  readonly coldkeySignature: string;
  readonly hotkeySignature: string;
}

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const WALLET = ['--wallet-name', 'w', '--hotkey', 'h'];
const root = (): string => join(sandbox.home, '.bittensor/wallets');
const place = () => ({ path: root(), wallet: 'w', hotkey: 'h', message: MESSAGE });

async function sv72(args: readonly string[], descriptors: readonly string[] = []): Promise<unknown> {
  const { json, stderr, exit } = await sandbox.json(args, { descriptors });
  expect(exit, stderr).toBe(0);
  return json;
}

/** Signatures of both keys, made by the CLI. */
async function ourSignatures(password: string | null): Promise<{ coldkey: string; hotkey: string }> {
  const sign = ['wallet', 'sign', ...WALLET, '--message', MESSAGE];
  const unlock = password === null ? [] : ['--password-fd', '3'];
  const descriptors = password === null ? [] : [password];
  const coldkey = await sv72([...sign, '--no-use-hotkey', ...unlock], descriptors);
  const hotkey = await sv72([...sign, '--use-hotkey']);
  const hex = (result: unknown): string => `0x${(result as { signed_message: string }).signed_message}`;
  return { coldkey: hex(coldkey), hotkey: hex(hotkey) };
}

async function weVerify(address: string, signature: string): Promise<void> {
  const flags = ['--ss58', address, '--signature', signature, '--message', MESSAGE];
  expect(await sv72(['wallet', 'verify', ...flags])).toMatchObject({ valid: true });
  const { exit } = await sandbox.run(['wallet', 'verify', ...flags.slice(0, -1), 'something else']);
  expect(exit).toBe(1);
}

describe.each<[string, PythonSet]>([
  ['1.0.0', 'wallet-1.0'],
  ['2.0.0', 'wallet-2.0'],
  ['4.0.1', 'wallet-4.0'],
  ['4.1.1', 'wallet-4.1'],
])('bittensor-wallet %s', (_, set) => {
  const ask = (job: object): Promise<unknown> => askPython(set, 'wallet_peer.py', job);

  async function theyVerify(address: string, signature: string): Promise<void> {
    const job = { do: 'verify', address, signature };
    expect(await ask({ ...job, message: MESSAGE })).toEqual({ valid: true });
    expect(await ask({ ...job, message: 'something else' })).toEqual({ valid: false });
  }

  test.each([
    ['plain', null],
    ['encrypted', PASSWORD],
  ])('we read what it writes, %s', async (_, password) => {
    const job = { do: 'write', ...place(), mnemonic: MNEMONIC, hotkeySeed: HOTKEY_SEED, password };
    const theirs = (await ask(job)) as WalletFacts;
    expect(await sv72(['wallet', 'show', ...WALLET])).toMatchObject({
      coldkey_ss58: COLDKEY,
      coldkey_encrypted: password !== null,
      hotkey_ss58: keypairOf(HOTKEY_SEED).ss58,
    });
    const ours = await ourSignatures(password);
    await theyVerify(COLDKEY, ours.coldkey);
    await theyVerify(theirs.hotkey, ours.hotkey);
    await weVerify(COLDKEY, theirs.coldkeySignature);
    await weVerify(theirs.hotkey, theirs.hotkeySignature);
  });

  test.each([
    ['plain', null],
    ['encrypted', PASSWORD],
  ])('it reads what we write, %s', async (_, password) => {
    const coldkey = ['wallet', 'regen-coldkey', '--wallet-name', 'w', '--mnemonic-fd', '3'];
    if (password === null) await sv72([...coldkey, '--no-password'], [MNEMONIC]);
    else await sv72([...coldkey, '--password-fd', '4'], [MNEMONIC, password]);
    await sv72(['wallet', 'regen-hotkey', ...WALLET, '--seed-fd', '3'], [HOTKEY_SEED]);
    const theirs = (await ask({ do: 'read', ...place(), password })) as WalletFacts;
    expect(theirs).toMatchObject({
      coldkey: COLDKEY,
      coldkeypub: COLDKEY,
      hotkey: keypairOf(HOTKEY_SEED).ss58,
    });
    await weVerify(COLDKEY, theirs.coldkeySignature);
    await weVerify(theirs.hotkey, theirs.hotkeySignature);
  });
});

test.each<PythonSet>(['wallet-2.0', 'wallet-4.0', 'wallet-4.1'])(
  'E 98: we read the hotkey that %s writes with its seed as raw text, which it cannot read itself',
  async (set) => {
    const hotkeySeed = seedOf('11');
    const job = { ...place(), mnemonic: MNEMONIC, hotkeySeed, password: null };
    const theirs = (await askPython(set, 'wallet_peer.py', { do: 'write', ...job })) as WalletFacts;
    await expect(askPython(set, 'wallet_peer.py', { do: 'read', ...job })).rejects.toThrow(/hex|Invalid/);
    expect(await sv72(['wallet', 'show', ...WALLET])).toMatchObject({ hotkey_ss58: theirs.hotkey });
    const { hotkey } = await ourSignatures(null);
    await weVerify(theirs.hotkey, hotkey);
  },
);
