import { decryptAnsible } from './ansible.ts';
import { decryptFernet } from './fernet.ts';
import { decryptNacl, encryptNacl } from './nacl.ts';

/** How a keyfile is encrypted; only `nacl` is still written by anybody. */
export type Encryption = 'none' | 'nacl' | 'ansible' | 'fernet';

const PREFIXES: readonly (readonly [string, Encryption])[] = [
  ['$NACL', 'nacl'],
  ['$ANSIBLE_VAULT', 'ansible'],
  ['gAAAAA', 'fernet'],
];

/** The encryption of a keyfile, by its first bytes. */
export function encryptionOf(file: Uint8Array): Encryption {
  const head = Buffer.from(file.subarray(0, 16)).toString('latin1');
  return PREFIXES.find(([prefix]) => head.startsWith(prefix))?.[1] ?? 'none';
}

/**
 * The plain keyfile inside. Takes seconds and, for `nacl`, 512 MiB; all of it off the event loop.
 * @throws ERR_PASSWORD when the password is wrong (the same as a damaged file), ERR_KEYFILE when the frame is
 *   damaged, ERR_KEY_DERIVATION when memory is short
 */
export async function decryptKeyfile(file: Uint8Array, password: string): Promise<Uint8Array> {
  switch (encryptionOf(file)) {
    case 'none':
      return file;
    case 'nacl':
      return await decryptNacl(file, password);
    case 'ansible':
      return await decryptAnsible(file, password);
    case 'fernet':
      return await decryptFernet(file, password);
  }
}

/**
 * Encrypts a plain keyfile as current tools do. Takes seconds and 512 MiB, off the event loop.
 * @throws ERR_KEY_DERIVATION
 */
export const encryptKeyfile: (
  plain: Uint8Array,
  password: string,
  nonce?: Uint8Array,
) => Promise<Uint8Array> = encryptNacl;
