import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { nameProblem } from '../key-names/index.ts';

/** Which key is meant: the coldkey of a wallet, or one of its hotkeys. */
export interface KeyLocation {
  /** Folder that holds the wallets, home expanded; relative paths are taken as they are. */
  readonly root: string;
  readonly wallet: string;
  /** Absent: the coldkey. */
  readonly hotkey?: string;
}

/** The two files of a key. */
export interface KeyPaths {
  readonly privateFile: string;
  readonly publicFile: string;
}

/**
 * Where the files of a key are, as every Bittensor tool has it.
 * @throws ERR_WALLET_NAME
 */
export function keyPaths(location: KeyLocation): KeyPaths {
  const folder = walletFolder(location.root, location.wallet);
  if (location.hotkey === undefined) {
    return { privateFile: join(folder, 'coldkey'), publicFile: join(folder, 'coldkeypub.txt') };
  }
  requireName('hotkey', location.hotkey);
  const privateFile = join(folder, 'hotkeys', location.hotkey);
  return { privateFile, publicFile: `${privateFile}pub.txt` };
}

/** @throws ERR_WALLET_NAME */
export function walletFolder(root: string, wallet: string): string {
  requireName('wallet', wallet);
  return join(root, wallet);
}

/** How a key is called in messages: `main/default` for a hotkey, `main` for a coldkey. */
export function keyName(location: KeyLocation): string {
  return location.hotkey === undefined
    ? `coldkey of wallet "${location.wallet}"`
    : `hotkey "${location.hotkey}" of wallet "${location.wallet}"`;
}

function requireName(what: 'wallet' | 'hotkey', name: string): void {
  const problem = nameProblem(name);
  if (problem === undefined) return;
  throw new Sv72Error('ERR_WALLET_NAME', `The ${what} name ${problem}.`);
}
