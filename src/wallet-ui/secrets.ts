import { Sv72Error } from '../errors/index.ts';
import type { Ask } from '../ui/index.ts';
import {
  type FoundPassword,
  judgePassword,
  type KeyLocation,
  keyName,
  keyPaths,
  type Passwords,
  passwordFromEnvironment,
  readPasswordFile,
  readSecret,
  typedForms,
} from '../wallet/index.ts';

/** Where a password may come from, beside the person. */
export interface PasswordFlags {
  readonly 'password-fd'?: number | undefined;
  readonly 'password-file'?: string | undefined;
}

const TRIES = 3;

/**
 * Passwords of existing keys: the descriptor or file named by a flag, else the environment, else the person,
 * who may try three times. A descriptor is read once, however many keys need it.
 */
export function passwordsFrom(flags: PasswordFlags, ask: Ask, env = process.env): Passwords {
  let given: Promise<FoundPassword | undefined> | undefined;
  return async function* ({ path, location }) {
    given ??= givenByFlag(flags);
    const found = (await given) ?? fromEnvironment(location, env) ?? (await fromNamedFile(env));
    if (found !== undefined) {
      yield found;
      return;
    }
    for (let count = 1; count <= TRIES; count++) {
      const message = `${count > 1 ? 'That is not the password. ' : ''}Password of the ${keyName(location)}:`;
      const typed = await ask.password({
        flag: '--password-fd, --password-file or BT_WALLET_PASSWORD',
        message,
      });
      for (const password of typedForms(typed)) yield { password, from: `the terminal (for ${path})` };
    }
  };
}

/**
 * The password for a key that is about to be written.
 * @throws ERR_PASSWORD_SOURCE when it is empty, ERR_NEEDS_ANSWER when nobody can give one
 */
export async function newPassword(options: {
  readonly flags: PasswordFlags;
  readonly ask: Ask;
  readonly location: KeyLocation;
  readonly note: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<string> {
  const { flags, ask, location, note, env = process.env } = options;
  const found = (await givenByFlag(flags)) ?? fromEnvironment(location, env) ?? (await fromNamedFile(env));
  if (found !== undefined) {
    note(`The ${keyName(location)} is encrypted with the password from ${found.from}.`);
    if (found.password.trim() === '') {
      throw new Sv72Error('ERR_PASSWORD_SOURCE', `The password from ${found.from} is empty.`);
    }
    return found.password;
  }
  return await typedTwice(ask, location, note);
}

async function typedTwice(ask: Ask, location: KeyLocation, note: (line: string) => void): Promise<string> {
  const flag = '--password-fd, --password-file, BT_WALLET_PASSWORD or --no-use-password';
  for (let count = 1; count <= TRIES; count++) {
    const typed = await ask.password({ flag, message: `New password for the ${keyName(location)}:` });
    const { password, refused, warning } = judgePassword(typed);
    if (refused !== undefined) {
      note(refused);
      continue;
    }
    if (password !== typed) note('Spaces at the ends are left out, because some tools cut them off.');
    if (warning !== undefined) note(`Warning: ${warning}`);
    if ((await ask.password({ flag, message: 'Again:' })).trim() === password) return password;
    note('The two are not the same.');
  }
  throw new Sv72Error('ERR_PASSWORD_SOURCE', 'No password was chosen, so nothing was written.');
}

async function givenByFlag(flags: PasswordFlags): Promise<FoundPassword | undefined> {
  const fd = flags['password-fd'];
  if (fd !== undefined) return { password: await readSecret(fd), from: `file descriptor ${fd}` };
  return await fromFile(flags['password-file']);
}

function fromEnvironment(location: KeyLocation, env: NodeJS.ProcessEnv): FoundPassword | undefined {
  const coldkey = location.hotkey === undefined ? location.wallet : undefined;
  return passwordFromEnvironment(keyPaths(location).privateFile, env, coldkey);
}

async function fromNamedFile(env: NodeJS.ProcessEnv): Promise<FoundPassword | undefined> {
  return await fromFile(env.BT_WALLET_PASSWORD_FILE);
}

async function fromFile(path: string | undefined): Promise<FoundPassword | undefined> {
  return path ? { password: await readPasswordFile(path), from: 'the password file' } : undefined;
}
