import { resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A password and where it came from, for messages. */
export interface FoundPassword {
  readonly password: string;
  readonly from: string;
}

/** The variable that btwallet ≥3.0.4 reads the password of a keyfile from: BT_PW_ and the path it was opened by. */
export function passwordVariable(keyfile: string): string {
  return `BT_PW_${keyfile.replace(/[/.]/g, '_').toUpperCase()}`;
}

/** The value of that variable: base64 of the password XOR the variable's name. An obfuscation, no protection. */
export function encodePassword(variable: string, password: string): string {
  return xor(Buffer.from(password, 'utf8'), variable).toString('base64');
}

/** @throws ERR_PASSWORD_SOURCE when the value is not base64 or not text */
export function decodePassword(variable: string, value: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
    throw new Sv72Error('ERR_PASSWORD_SOURCE', `The value of ${variable} is not base64.`, {
      next: 'btwallet encodes the password with the name of the variable; BT_WALLET_PASSWORD takes it as it is.',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      xor(Buffer.from(value, 'base64'), variable),
    );
  } catch {
    throw new Sv72Error('ERR_PASSWORD_SOURCE', `The value of ${variable} does not decode to text.`);
  }
}

function xor(bytes: Buffer, key: string): Buffer {
  const repeated = Buffer.from(key, 'utf8');
  return Buffer.from(bytes.map((byte, index) => byte ^ (repeated[index % repeated.length] ?? 0)));
}

/**
 * The password for a keyfile from the environment, as the tools that came before would find it:
 * BT_WALLET_PASSWORD (plain, any wallet), BT_PW_… (path as given, then absolute), and the plain
 * BT_COLD_PW_… of the oldest btwallet.
 * @param keyfile path of the private file as it is opened
 * @param coldkey name of the wallet, when the keyfile is its coldkey
 * @throws ERR_PASSWORD_SOURCE
 */
export function passwordFromEnvironment(
  keyfile: string,
  environment: Environment,
  coldkey?: string,
): FoundPassword | undefined {
  const plain = ['BT_WALLET_PASSWORD'];
  const encoded = [...new Set([keyfile, resolve(keyfile)])].map(passwordVariable);
  const oldest = coldkey === undefined ? [] : [`BT_COLD_PW_${coldkey.replaceAll('-', '_').toUpperCase()}`];
  for (const from of [...plain, ...encoded, ...oldest]) {
    const value = environment[from];
    if (value) return { from, password: encoded.includes(from) ? decodePassword(from, value) : value };
  }
  return undefined;
}

/** The variables but for those that hold a wallet's password: what other programs are started with. */
export function withoutPasswords(environment: Environment): Environment {
  const rest = Object.entries(environment).filter(
    ([name]) => !/^BT_(WALLET_PASSWORD$|PW_|COLD_PW_)/i.test(name),
  );
  return Object.fromEntries(rest);
}

/**
 * What to try for a password that a person typed: as typed, then without spaces at the ends, because
 * btcli 9 cut them off before encrypting and btcli 11 does not.
 */
export function typedForms(password: string): readonly string[] {
  const trimmed = password.trim();
  return trimmed === password || trimmed === '' ? [password] : [password, trimmed];
}

/** What to think of a new password. */
export interface PasswordVerdict {
  /** The password to use: without spaces at the ends, which some tools cut off and others do not. */
  readonly password: string;
  readonly refused?: string;
  readonly warning?: string;
}

const SHORT = 10;

/** Judges a password chosen for a new key. */
export function judgePassword(typed: string): PasswordVerdict {
  const password = typed.trim();
  if (password === '') return { password, refused: 'The password is empty.' };
  if ([...password].length < SHORT) {
    return {
      password,
      warning: `This password is short: who gets the file can guess it. Take ${SHORT} characters or more.`,
    };
  }
  return { password };
}
