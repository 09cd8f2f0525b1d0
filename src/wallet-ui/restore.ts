import { Sv72Error } from '../errors/index.ts';
import type { Ask } from '../ui/index.ts';
import {
  type CryptoType,
  hexBytes,
  type Keypair,
  keypairFromMnemonic,
  keypairFromPolkadotJson,
  keypairFromPrivateKey,
  keypairFromSeed,
  MAX_KEYFILE_BYTES,
  normaliseMnemonic,
  readAtMost,
  readSecret,
} from '../wallet/index.ts';

/** How the secret of a key to be restored is handed over. */
export interface RestoreFlags {
  readonly 'mnemonic-fd'?: number | undefined;
  readonly 'seed-fd'?: number | undefined;
  readonly 'private-key-fd'?: number | undefined;
  readonly 'json-path'?: string | undefined;
  readonly 'json-password-fd'?: number | undefined;
}

type Kind = 'mnemonic' | 'seed' | 'private-key' | 'json';

const HOW = '--mnemonic-fd, --seed-fd, --private-key-fd or --json-path';

/**
 * The keypair to be restored, from what the flags name, or from the person.
 * @throws ERR_USAGE when more than one source is named, ERR_NEEDS_ANSWER, ERR_MNEMONIC, ERR_KEY_MATERIAL, ERR_KEY_IMPORT
 */
export async function restoredKeypair(
  flags: RestoreFlags,
  ask: Ask,
  cryptoType: CryptoType,
): Promise<Keypair> {
  const kind = named(flags) ?? (await askKind(ask));
  if (kind === 'json') return await fromJson(flags, ask);
  const fd = flags[`${kind}-fd`];
  const secret = fd === undefined ? await askSecret(ask, kind) : await readSecret(fd);
  if (kind === 'mnemonic') return keypairFromMnemonic(normaliseMnemonic(secret), cryptoType);
  const bytes = hexBytes(secret.trim());
  // btcli 9 takes a private key where a seed is asked for.
  return kind === 'seed' && bytes.length !== 64
    ? keypairFromSeed(bytes, cryptoType)
    : keypairFromPrivateKey(bytes, cryptoType);
}

function named(flags: RestoreFlags): Kind | undefined {
  const kinds: Kind[] = [
    ...(['mnemonic', 'seed', 'private-key'] as const).filter((kind) => flags[`${kind}-fd`] !== undefined),
    ...(flags['json-path'] === undefined ? [] : (['json'] as const)),
  ];
  if (kinds.length > 1) throw new Sv72Error('ERR_USAGE', `Only one of ${HOW} can be given.`);
  return kinds[0];
}

async function askKind(ask: Ask): Promise<Kind> {
  return await ask.select<Kind>({
    flag: HOW,
    message: 'Restore the key from',
    choices: [
      { value: 'mnemonic', name: 'its mnemonic (12 to 24 words)' },
      { value: 'seed', name: 'its seed (64 hexadecimal digits)' },
      { value: 'private-key', name: 'its private key (128 hexadecimal digits)' },
      { value: 'json', name: 'a JSON file exported by polkadot-js' },
    ],
  });
}

async function askSecret(ask: Ask, kind: Exclude<Kind, 'json'>): Promise<string> {
  const names = { mnemonic: 'Mnemonic', seed: 'Seed', 'private-key': 'Private key' };
  return await ask.password({ flag: `--${kind}-fd`, message: `${names[kind]} (not shown as you type):` });
}

async function fromJson(flags: RestoreFlags, ask: Ask): Promise<Keypair> {
  const path =
    flags['json-path'] ?? (await ask.text({ flag: '--json-path', message: 'Path of the JSON file:' }));
  let json: string;
  try {
    json = (await readAtMost(path, MAX_KEYFILE_BYTES)).toString('utf8');
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `${path} cannot be read.`, { cause, details: { path } });
  }
  const fd = flags['json-password-fd'];
  const password =
    fd === undefined
      ? await ask.password({ flag: '--json-password-fd', message: `Password of ${path}:` })
      : await readSecret(fd);
  return await keypairFromPolkadotJson(json, password);
}
