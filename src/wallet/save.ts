import { Sv72Error } from '../errors/index.ts';
import { encryptionOf, encryptKeyfile } from './encryption/index.ts';
import { entryAt, readSmallFile } from './files.ts';
import { type PublicKey, privateKeyfile, publicKeyfile } from './keyfile.ts';
import type { Keypair } from './keypair.ts';
import { loadPublicKey, readPublicFile } from './load.ts';
import { type KeyLocation, keyName, keyPaths } from './paths.ts';
import { type KeyWrite, refuseExisting, type WriteOptions, writeTogether } from './write.ts';

/** A key to be kept, and where. Without password it is stored unencrypted. */
export interface NewKey {
  readonly location: KeyLocation;
  readonly keypair: Keypair;
  readonly password?: string | undefined;
}

/**
 * Refuses before anything is made, asked or derived.
 * @param restored the keys are restored: public files that are there may be their own, which `saveKeys` sees
 * @throws ERR_WALLET_NAME, ERR_KEY_EXISTS, ERR_KEY_LINK
 */
export function refuseTaken(locations: readonly KeyLocation[], overwrite = false, restored = false): void {
  for (const location of locations) {
    const { privateFile, publicFile } = keyPaths(location);
    refuseExisting(restored ? [privateFile] : [privateFile, publicFile], overwrite);
  }
}

/**
 * Writes private and public files of new keys, all or none.
 * A public file of the same key that exists already (a wallet that was public only) is no obstacle.
 * @returns paths written
 * @throws ERR_KEY_EXISTS, ERR_KEY_LINK, ERR_FILE_WRITE, ERR_KEY_DERIVATION
 */
export async function saveKeys(keys: readonly NewKey[], options: WriteOptions = {}): Promise<string[]> {
  const writes: KeyWrite[] = [];
  for (const { location, keypair, password } of keys) {
    const { privateFile, publicFile } = keyPaths(location);
    refuseExisting([privateFile], options.overwrite);
    const sameBeside = quietPublicFile(publicFile)?.ss58 === keypair.ss58;
    if (!sameBeside) refuseExisting([publicFile], options.overwrite);
    const plain = privateKeyfile(keypair);
    const bytes = password === undefined ? plain : await encryptKeyfile(plain, password);
    writes.push({ path: privateFile, bytes, kind: 'private' });
    if (!sameBeside) writes.push({ path: publicFile, bytes: publicKeyfile(keypair), kind: 'public' });
  }
  writeTogether(writes, options);
  return writes.map(({ path }) => path);
}

/**
 * Writes only the public file of a key, for a machine that must not have the secret.
 * @param unlocked the private key beside it, when that is encrypted and was opened
 * @throws ERR_KEY_MISMATCH when the private file beside it is of another key, or is encrypted and was not opened;
 *   ERR_KEY_EXISTS, ERR_KEY_LINK, ERR_FILE_WRITE
 */
export function savePublicKey(
  location: KeyLocation,
  key: PublicKey,
  options: WriteOptions & { readonly unlocked?: Keypair | undefined } = {},
): string {
  const { privateFile, publicFile } = keyPaths(location);
  refuseExisting([publicFile], options.overwrite);
  const beside = options.unlocked ?? privateBeside(location, privateFile);
  if (beside !== undefined && beside.ss58 !== key.ss58) {
    throw new Sv72Error(
      'ERR_KEY_MISMATCH',
      `The ${keyName(location)} has the address ${beside.ss58}, so its public file cannot name another one.`,
      { next: 'Choose another wallet name for the other address.', details: { path: publicFile } },
    );
  }
  writeTogether([{ path: publicFile, bytes: publicKeyfile(key), kind: 'public' }], options);
  return publicFile;
}

/** Whether a private file is there that must be opened to know its key. */
export function needsPassword(location: KeyLocation): boolean {
  const file = readSmallFile(keyPaths(location).privateFile)?.bytes;
  return file !== undefined && encryptionOf(file) !== 'none';
}

function privateBeside(location: KeyLocation, privateFile: string): PublicKey | undefined {
  if (entryAt(privateFile) === undefined) return undefined;
  if (!needsPassword(location)) return loadPublicKey(location);
  throw new Sv72Error(
    'ERR_KEY_MISMATCH',
    `The ${keyName(location)} is encrypted and was not opened, so it is unknown whether the address is its own.`,
    { next: 'Give its password.', details: { path: privateFile } },
  );
}

function quietPublicFile(path: string): PublicKey | undefined {
  try {
    return readPublicFile(path);
  } catch {
    return undefined;
  }
}
