import { createHash } from 'node:crypto';
import { keypairFromUri } from '../../../../src/wallet/index.ts';
import type { Hex } from '../model.ts';

/** Public key of a development URI such as `//Alice`: anybody can sign for these. */
export function keyOf(uri: string): Hex {
  const known = keys.get(uri);
  if (known !== undefined) return known;
  const key: Hex = `0x${Buffer.from(keypairFromUri(uri).publicKey).toString('hex')}`;
  keys.set(uri, key);
  return key;
}

const keys = new Map<string, Hex>();

/** A key that nobody can sign for, for the crowd of a subnet. */
export function strangerKey(name: string): Hex {
  return `0x${createHash('sha256').update(`stranger ${name}`).digest('hex')}`;
}

/** Coldkeys with money, in every scenario: TAO each. */
export const FUNDED: Readonly<Record<string, bigint>> = {
  '//Alice': 1_000n,
  '//Bob': 1_000n,
  '//Charlie': 100n,
  '//Dave': 10n,
  '//Eve': 1n,
  '//Ferdie': 0n,
};

/** The owner's coldkey of subnet 72; its hotkey is `//Owner//hot`. */
export const OWNER = '//Owner';

/** Coldkeys of subnet 72's validators; their hotkeys are `…//hot`. */
export const VALIDATORS: readonly string[] = [
  '//Validator//0',
  '//Validator//1',
  '//Validator//2',
  '//Validator//3',
];
