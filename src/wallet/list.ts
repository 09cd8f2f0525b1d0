import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { nameProblem } from '../key-names/index.ts';
import { type Encryption, encryptionOf } from './encryption/index.ts';
import { entriesIn, readSmallFile } from './files.ts';
import { parseKeyfile, type StoredKey } from './keyfile.ts';
import { keyPaths } from './paths.ts';
import type { CryptoType } from './scheme.ts';

/** A key as it can be seen without password. */
export interface ListedKey {
  /** Undefined when only the password can tell. */
  readonly ss58: string | undefined;
  readonly cryptoType: CryptoType | undefined;
  /** Whether the secret is here, or only the public file. */
  readonly isPrivate: boolean;
  /** `none` also for a private file that this user may not read. */
  readonly encryption: Encryption;
  /** A file that this user may not read, or a link that leads in a circle. */
  readonly unreadable: boolean;
}

export interface ListedHotkey extends ListedKey {
  readonly name: string;
}

export interface ListedWallet {
  readonly name: string;
  /** Undefined for a folder of hotkeys alone. */
  readonly coldkey: ListedKey | undefined;
  readonly hotkeys: readonly ListedHotkey[];
}

const PUBLIC_ENDING = 'pub.txt';

/**
 * The wallets of a folder in natural order; no computing with keys, no passwords. Folders without any key and
 * files that are no keyfiles are left out. A folder that does not exist holds no wallets.
 * @throws ERR_FILE_READ
 */
export function listWallets(root: string): readonly ListedWallet[] {
  return natural(
    entriesIn(root)
      .filter((entry) => nameProblem(entry.name) === undefined && !entry.isFile())
      .map((entry) => listWallet(root, entry.name))
      .filter((wallet) => wallet !== undefined),
  );
}

/** One wallet of the folder, undefined when there is none of that name. */
export function listWallet(root: string, name: string): ListedWallet | undefined {
  const folder = join(root, name);
  const coldkey = listKey(join(folder, 'coldkey'), join(folder, 'coldkeypub.txt'));
  const hotkeys = listHotkeys(join(folder, 'hotkeys'));
  return coldkey === undefined && hotkeys.length === 0 ? undefined : { name, coldkey, hotkeys };
}

/**
 * One wallet and one of its hotkeys, as they can be seen without password.
 * @throws ERR_WALLET_NAME; ERR_WALLET_NOT_FOUND when neither the coldkey nor the hotkey is there
 */
export function showWallet(
  root: string,
  wallet: string,
  hotkey: string,
): { readonly coldkey: ListedKey | undefined; readonly hotkey: ListedKey | undefined } {
  const cold = keyPaths({ root, wallet });
  const hot = keyPaths({ root, wallet, hotkey });
  const found = {
    coldkey: listKey(cold.privateFile, cold.publicFile),
    hotkey: listKey(hot.privateFile, hot.publicFile),
  };
  if (found.coldkey === undefined && found.hotkey === undefined) {
    throw new Sv72Error('ERR_WALLET_NOT_FOUND', `There is no wallet "${wallet}" with a hotkey "${hotkey}".`, {
      details: { path: join(root, wallet) },
    });
  }
  return found;
}

function listHotkeys(folder: string): readonly ListedHotkey[] {
  const files = entriesIn(folder)
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);
  const names = new Set(
    files.map((file) => (file.endsWith(PUBLIC_ENDING) ? file.slice(0, -PUBLIC_ENDING.length) : file)),
  );
  return natural(
    [...names]
      .filter((name) => nameProblem(name) === undefined)
      .flatMap((name) => {
        const key = listKey(join(folder, name), join(folder, `${name}${PUBLIC_ENDING}`));
        return key === undefined ? [] : [{ name, ...key }];
      }),
  );
}

/** One key that cannot be read (another user's coldkey, perhaps) does not hide all others. */
function listKey(privateFile: string, publicFile: string): ListedKey | undefined {
  const secret = readable(privateFile);
  const encryption = secret.bytes === undefined ? 'none' : encryptionOf(secret.bytes);
  const inside = secret.bytes !== undefined && encryption === 'none' ? parsed(secret.bytes) : undefined;
  const shared = inside === undefined ? readable(publicFile) : undefined;
  const beside = shared?.bytes && parsed(shared.bytes);
  const unreadable = secret.unreadable || shared?.unreadable === true;
  if (inside === undefined && beside === undefined && encryption === 'none' && !unreadable) return undefined;
  const stated = (inside ?? beside)?.stated;
  return {
    ss58: stated?.ss58,
    cryptoType: stated?.cryptoType,
    isPrivate: secret.unreadable || encryption !== 'none' || inside?.isPrivate === true,
    encryption,
    unreadable,
  };
}

function readable(path: string): { readonly bytes: Uint8Array | undefined; readonly unreadable: boolean } {
  try {
    return { bytes: readSmallFile(path)?.bytes, unreadable: false };
  } catch (error) {
    if (!(error instanceof Sv72Error) || error.code !== 'ERR_FILE_READ') throw error;
    return { bytes: undefined, unreadable: true };
  }
}

/** What is no keyfile is not listed; `wallet check` speaks about it. */
function parsed(bytes: Uint8Array): StoredKey | undefined {
  try {
    return parseKeyfile(bytes);
  } catch {
    return undefined;
  }
}

function natural<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort(
    (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.name < b.name ? -1 : 1),
  );
}
