import { chmodSync } from 'node:fs';
import { Sv72Error } from '../../errors/index.ts';
import { encryptionOf, encryptKeyfile } from '../encryption/index.ts';
import { entryAt, type RawFile, readSmallFile } from '../files.ts';
import {
  keypairOf,
  type PublicKey,
  parseKeyfile,
  privateKeyfile,
  publicKeyfile,
  type StoredKey,
} from '../keyfile.ts';
import type { Keypair } from '../keypair.ts';
import { openKeyfile, type Passwords } from '../load.ts';
import { type KeyLocation, keyName, keyPaths } from '../paths.ts';
import { writeTogether } from '../write.ts';
import type { Finding, FindingName, Severity } from './finding.ts';
import { shellQuote } from './folder.ts';

/** What is known about one key after looking at its two files. */
export interface CheckedKey {
  readonly findings: readonly Finding[];
  readonly ss58?: string | undefined;
  /** Encrypted, and not opened. */
  readonly unopened: boolean;
}

/** Looks at the private and the public file of one key. */
export async function checkKey(location: KeyLocation, passwords?: Passwords): Promise<CheckedKey> {
  const { privateFile, publicFile } = keyPaths(location);
  const findings: Finding[] = [];
  const report = reporter(location, findings);
  const secret = read(privateFile, report);
  const beside = read(publicFile, report);
  if (secret) checkMode(privateFile, secret, report);
  if (beside) checkMode(publicFile, beside, report);
  const own = secret && (await checkPrivate(location, privateFile, secret, passwords, report));
  const named = checkPublic(publicFile, beside, own ?? undefined, report);
  const unopened = own === undefined && secret !== undefined && encryptionOf(secret.bytes) !== 'none';
  return { findings, ss58: own?.ss58 ?? named?.ss58, unopened };
}

type Report = (
  name: FindingName,
  severity: Severity,
  path: string,
  message: string,
  next: string,
  repair?: Finding['repair'],
) => void;

function reporter(location: KeyLocation, findings: Finding[]): Report {
  return (name, severity, path, message, next, repair) =>
    findings.push({
      name,
      severity,
      wallet: location.wallet,
      hotkey: location.hotkey,
      path,
      message,
      next,
      repair,
    });
}

const FIX = 'Run `sv72 wallet check --fix`.';

function read(path: string, report: Report): RawFile | undefined {
  try {
    const file = readSmallFile(path);
    if (file === undefined && entryAt(path) !== undefined) {
      report(
        'unreadable-file',
        'problem',
        path,
        `${path} is no regular file of a keyfile's size, or a link to nowhere.`,
        'Restore the file from a backup.',
      );
    }
    return file;
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    report('unreadable-file', 'problem', path, error.message, `chmod 600 ${shellQuote(path)}`);
    return undefined;
  }
}

function checkMode(path: string, { mode }: RawFile, report: Report): void {
  if ((mode & 0o077) === 0) return;
  report(
    'loose-permissions',
    'problem',
    path,
    `Others than you may ${mode & 0o022 ? 'change' : 'read'} ${path} (mode ${mode.toString(8)}).`,
    `chmod 600 ${shellQuote(path)}`,
    () => chmodSync(path, 0o600),
  );
}

/** @returns the key, undefined when it cannot be known */
async function checkPrivate(
  location: KeyLocation,
  path: string,
  { bytes }: RawFile,
  passwords: Passwords | undefined,
  report: Report,
): Promise<Keypair | undefined> {
  const encryption = encryptionOf(bytes);
  if (encryption === 'none' && location.hotkey === undefined) {
    report(
      'unencrypted-coldkey',
      'warning',
      path,
      `The ${keyName(location)} is not encrypted: who reads the file has the funds.`,
      'Make it again with a password: `sv72 wallet regen-coldkey --overwrite`.',
    );
  }
  if (encryption === 'ansible' || encryption === 'fernet') {
    report(
      'old-encryption',
      'warning',
      path,
      `The ${keyName(location)} is encrypted in an old form (${encryption}) that few tools still read.`,
      'Make it again: `sv72 wallet regen-coldkey --overwrite`.',
    );
  }
  if (encryption !== 'none' && passwords === undefined) return undefined;
  try {
    const opened = encryption === 'none' ? undefined : await openKeyfile(bytes, path, location, passwords);
    const stored = parseKeyfile(opened?.plain ?? bytes);
    const keypair = keypairOf(stored);
    checkForm(location, path, stored, keypair, opened?.password, report);
    return keypair;
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    if (error.code === 'ERR_KEYFILE' && isForeignFile(location)) {
      report(
        'not-a-key',
        'note',
        path,
        `${path} is no keyfile; it is ignored.`,
        'Move it elsewhere if it disturbs.',
      );
    } else if (error.code === 'ERR_PASSWORD' || error.code === 'ERR_NEEDS_ANSWER') {
      report('wrong-password', 'warning', path, error.message, error.next);
    } else {
      const name = error.code === 'ERR_KEY_MISMATCH' ? 'key-mismatch' : 'damaged-file';
      report(
        name,
        'problem',
        path,
        `The ${keyName(location)}: ${error.message}`,
        'Restore the file from a backup, or make it again from its mnemonic.',
      );
    }
    return undefined;
  }
}

/** Junk among the hotkeys, such as a desktop's thumbnail file, is no damage. */
function isForeignFile(location: KeyLocation): boolean {
  return location.hotkey !== undefined && /\./.test(location.hotkey);
}

function checkForm(
  location: KeyLocation,
  path: string,
  stored: StoredKey,
  keypair: Keypair,
  password: string | undefined,
  report: Report,
): void {
  const rewrite = async () => {
    const plain = privateKeyfile(keypair);
    const bytes = password === undefined ? plain : await encryptKeyfile(plain, password);
    writeTogether([{ path, bytes, kind: 'private' }], { overwrite: true });
  };
  const messages = {
    'numeric-crypto-type': `The ${keyName(location)} has a numeric cryptoType, with which bittensor-wallet up to 4.0.1 (SDK 9, most validators and miners) cannot read it.`,
    'text-seed': `The ${keyName(location)} has its seed as raw text, which btwallet itself cannot read back.`,
    'no-address': `The ${keyName(location)} has no address beside its secret, so a damaged secret could not be noticed.`,
  } as const;
  for (const quirk of stored.quirks)
    report(quirk, quirk === 'no-address' ? 'note' : 'warning', path, messages[quirk], FIX, rewrite);
}

/** @returns the key that the public file names */
function checkPublic(
  path: string,
  file: RawFile | undefined,
  own: Keypair | undefined,
  report: Report,
): PublicKey | undefined {
  const rewrite =
    own && (() => writeTogether([{ path, bytes: publicKeyfile(own), kind: 'public' }], { overwrite: true }));
  if (file === undefined) {
    // A hotkey has had a public file only since btwallet 4.
    const severity = path.endsWith('coldkeypub.txt') ? 'warning' : 'note';
    if (own)
      report('missing-public-file', severity, path, `${path} is missing; some tools need it.`, FIX, rewrite);
    return undefined;
  }
  try {
    const stored = parseKeyfile(file.bytes);
    const named = stored.stated;
    if (stored.isPrivate) {
      report(
        'damaged-public-file',
        'problem',
        path,
        `${path} should be public but holds a secret.`,
        FIX,
        rewrite,
      );
    } else if (own && named?.ss58 !== own.ss58) {
      report(
        'stale-public-file',
        'problem',
        path,
        `${path} names ${named?.ss58}, but the private key is that of ${own.ss58}: signatures of some tools would be refused.`,
        FIX,
        rewrite,
      );
    } else if (stored.quirks.includes('numeric-crypto-type') && named) {
      report(
        'numeric-crypto-type',
        'warning',
        path,
        `${path} has a numeric cryptoType, with which bittensor-wallet up to 4.0.1 cannot read it.`,
        FIX,
        () => writeTogether([{ path, bytes: publicKeyfile(named), kind: 'public' }], { overwrite: true }),
      );
    }
    return named;
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    report(
      'damaged-public-file',
      'problem',
      path,
      `${path}: ${error.message}`,
      rewrite ? FIX : 'Make it again with `sv72 wallet regen-coldkeypub` or `regen-hotkeypub`.',
      rewrite,
    );
    return undefined;
  }
}
