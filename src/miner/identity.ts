import { Sv72Error } from '../errors/index.ts';
import { type Keypair, listWallet, loadKey, loadPublicKey, type Passwords } from '../wallet/index.ts';

/** A hotkey to serve. An axon signs nothing, so its address is all that is needed, but for announcing it. */
export interface ServedHotkey {
  readonly name: string;
  readonly ss58: string;
  /** Reads its private key, each time anew: it is not kept in a process that strangers talk to. */
  unlock(): Promise<Keypair>;
}

export interface HotkeysOptions {
  /** Folder that holds the wallets. */
  readonly root: string;
  readonly wallet: string;
  readonly hotkeys: readonly string[];
  /** Asked only where a keyfile is encrypted and no public file is beside it. */
  readonly passwords?: Passwords;
}

/**
 * Finds the addresses of the hotkeys.
 *
 * @throws ERR_WALLET_NOT_FOUND naming what there is, ERR_KEYFILE, ERR_PASSWORD, ERR_NEEDS_ANSWER,
 *   ERR_HOTKEY_TWICE when two names are one key.
 */
export async function servedHotkeys(options: HotkeysOptions): Promise<ServedHotkey[]> {
  const served: ServedHotkey[] = [];
  for (const name of options.hotkeys) {
    const ss58 = await addressOf(options, name);
    const twin = served.find((other) => other.ss58 === ss58);
    if (twin !== undefined) {
      throw sameKey(twin.name, name, ss58);
    }
    const { root, wallet, passwords } = options;
    const unlock = async () => (await loadKey({ root, wallet, hotkey: name }, passwords)).keypair;
    served.push({ name, ss58, unlock });
  }
  return served;
}

export function sameKey(one: string, other: string, ss58: string): Sv72Error {
  return new Sv72Error('ERR_HOTKEY_TWICE', `The hotkeys ${one} and ${other} are the same key.`, {
    details: { hotkey: ss58 },
  });
}

async function addressOf({ root, wallet, passwords }: HotkeysOptions, hotkey: string): Promise<string> {
  const location = { root, wallet, hotkey };
  try {
    return loadPublicKey(location).ss58;
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code !== 'ERR_WALLET_NOT_FOUND') throw error;
    const found = listWallet(root, wallet);
    if (found?.hotkeys.some((key) => key.name === hotkey && key.isPrivate)) {
      return (await loadKey(location, passwords)).keypair.ss58;
    }
    throw error;
  }
}
