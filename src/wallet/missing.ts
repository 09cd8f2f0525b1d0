import { Sv72Error } from '../errors/index.ts';
import { listWallet, listWallets } from './list.ts';
import { type KeyLocation, keyName } from './paths.ts';

/** So many names are listed; `sv72 wallet list` has them all. */
const MOST_NAMES = 12;

/**
 * The error for a key that is not there: of its wallet when that is missing too, and with the names that exist.
 * @param path the file that was looked for
 */
export function missingKey(location: KeyLocation, path: string): Sv72Error {
  const { root, wallet, hotkey } = location;
  const found = listWallet(root, wallet);
  if (!found) {
    const existing = listWallets(root).map(({ name }) => name);
    const next =
      existing.length === 0
        ? `Make one with \`sv72 wallet create --wallet-name ${wallet}\`, or name the folder with --wallet-path (now ${root}).`
        : `Choose one with --wallet-name. In ${root} there ${are(existing)}.`;
    return missing(`There is no wallet "${wallet}".`, next, path, existing);
  }
  if (hotkey === undefined) return missing(`There is no ${keyName(location)}.`, undefined, path, []);
  const existing = found.hotkeys.map(({ name }) => name);
  if (existing.includes(hotkey)) {
    return missing(
      `The address of the ${keyName(location)} is not known: it is encrypted, and its public file is not there.`,
      `Write the public file with \`sv72 wallet regen-hotkeypub --wallet-name ${wallet} --hotkey ${hotkey}\`.`,
      path,
      existing,
    );
  }
  const next =
    existing.length === 0
      ? `Make one with \`sv72 wallet new-hotkey --wallet-name ${wallet} --hotkey ${hotkey}\`.`
      : `Choose one with --hotkey. It has ${names(existing)}.`;
  return missing(`There is no ${keyName(location)}.`, next, path, existing);
}

function missing(message: string, next: string | undefined, path: string, existing: readonly string[]) {
  return new Sv72Error('ERR_WALLET_NOT_FOUND', message, {
    ...(next !== undefined && { next }),
    details: { path, existing },
  });
}

function are(existing: readonly string[]): string {
  return `${existing.length === 1 ? 'is' : 'are'} ${names(existing)}`;
}

function names(existing: readonly string[]): string {
  const more = existing.length - MOST_NAMES;
  return `${existing.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
