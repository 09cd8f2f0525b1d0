import { Sv72Error } from '../errors/index.ts';
import { decryptKeyfile, type Encryption, encryptionOf } from './encryption/index.ts';
import { readSmallFile } from './files.ts';
import { type KeyfileQuirk, keypairOf, type PublicKey, parseKeyfile } from './keyfile.ts';
import type { Keypair } from './keypair.ts';
import { missingKey } from './missing.ts';
import type { FoundPassword } from './password.ts';
import { type KeyLocation, keyName, keyPaths } from './paths.ts';

/** Where the password of an encrypted keyfile comes from: tried in turn until one opens it. */
export type Passwords = (file: {
  readonly path: string;
  readonly location: KeyLocation;
}) => AsyncIterable<FoundPassword>;

export interface LoadedKey {
  readonly keypair: Keypair;
  readonly path: string;
  readonly encryption: Encryption;
  readonly quirks: readonly KeyfileQuirk[];
  /** The public file names another key than the private file has. */
  readonly stalePublicFile: boolean;
}

/**
 * Reads a private key, decrypting it when needed. The address comes from the secret itself, never from the
 * public file beside it.
 * @throws ERR_WALLET_NOT_FOUND, ERR_KEYFILE, ERR_KEY_MISMATCH, ERR_PASSWORD, ERR_NEEDS_ANSWER (no password given)
 */
export async function loadKey(location: KeyLocation, passwords: Passwords = none): Promise<LoadedKey> {
  const { privateFile: path, publicFile } = keyPaths(location);
  const file = readSmallFile(path)?.bytes;
  if (file === undefined) throw missingKey(location, path);
  const encryption = encryptionOf(file);
  const plain = encryption === 'none' ? file : (await openKeyfile(file, path, location, passwords)).plain;
  const stored = parseKeyfile(plain);
  const keypair = keypairOf(stored);
  const beside = readPublicFile(publicFile);
  return {
    keypair,
    path,
    encryption,
    quirks: stored.quirks,
    stalePublicFile: beside !== undefined && beside.ss58 !== keypair.ss58,
  };
}

/**
 * The hotkey of a wallet, ready to sign.
 * @throws as `loadKey`
 */
export async function loadHotkey(
  location: KeyLocation & { readonly hotkey: string },
  passwords?: Passwords,
): Promise<Keypair> {
  return (await loadKey(location, passwords)).keypair;
}

/**
 * The public part of a key without any password: from a plain private file, else from the public file.
 * @throws ERR_WALLET_NOT_FOUND, ERR_KEYFILE, ERR_FILE_READ
 */
export function loadPublicKey(location: KeyLocation): PublicKey {
  const { privateFile, publicFile } = keyPaths(location);
  let file: Uint8Array | undefined;
  try {
    file = readSmallFile(privateFile)?.bytes;
  } catch (error) {
    // A secret that only another user may read is no reason not to know its address.
    const beside = readPublicFile(publicFile);
    if (beside === undefined) throw error;
    return beside;
  }
  if (file !== undefined && encryptionOf(file) === 'none') {
    const stored = parseKeyfile(file);
    return stored.stated ?? keypairOf(stored);
  }
  const beside = readPublicFile(publicFile);
  if (beside === undefined) throw missingKey(location, file === undefined ? privateFile : publicFile);
  return beside;
}

/** The key that a public file names, undefined when there is no such file. */
export function readPublicFile(path: string): PublicKey | undefined {
  const bytes = readSmallFile(path)?.bytes;
  return bytes && parseKeyfile(bytes).stated;
}

/**
 * Decrypts a keyfile with the first of the passwords that opens it.
 * @throws ERR_PASSWORD when none does, ERR_NEEDS_ANSWER when there is none
 */
export async function openKeyfile(
  file: Uint8Array,
  path: string,
  location: KeyLocation,
  passwords: Passwords = none,
): Promise<{ readonly plain: Uint8Array; readonly password: string }> {
  let tried: FoundPassword | undefined;
  for await (const found of passwords({ path, location })) {
    tried = found;
    try {
      return { plain: await decryptKeyfile(file, found.password), password: found.password };
    } catch (error) {
      if (!(error instanceof Sv72Error) || error.code !== 'ERR_PASSWORD') throw error;
    }
  }
  if (tried === undefined) {
    throw new Sv72Error(
      'ERR_NEEDS_ANSWER',
      `The ${keyName(location)} is encrypted, and no password was given.`,
      {
        next: 'Give the password with --password-fd, --password-file, BT_WALLET_PASSWORD or BT_PW_…, or run the command in a terminal.',
        details: { path },
      },
    );
  }
  throw new Sv72Error(
    'ERR_PASSWORD',
    `The password from ${tried.from} does not open the ${keyName(location)}.`,
    {
      details: { path },
    },
  );
}

async function* none(): AsyncGenerator<FoundPassword> {}
