import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expandHome, type Surroundings } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';

/** Where a secret is: a variable, or a file that the settings name. */
export interface SecretPlace {
  readonly variable: string;
  /** Key of the setting that names the file. */
  readonly setting: string;
  readonly file: string | null;
}

/**
 * The secret, from the variable or else the file; undefined when neither is there.
 *
 * @throws ERR_REFRESH_CHANNEL when the file cannot be read or is empty
 */
export async function readSecret(place: SecretPlace, at: Surroundings): Promise<string | undefined> {
  const given = at.env[place.variable]?.trim();
  if (given) return given;
  if (place.file === null) return undefined;
  const path = resolve(at.cwd, expandHome(place.file, at.home));
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new Sv72Error('ERR_REFRESH_CHANNEL', `${path}, which ${place.setting} names, cannot be read.`, {
      cause,
    });
  }
  if (text === '')
    throw new Sv72Error('ERR_REFRESH_CHANNEL', `${path}, which ${place.setting} names, is empty.`);
  return text;
}

/** As `readSecret`. @throws ERR_REFRESH_CHANNEL also when there is none */
export async function requireSecret(channel: string, place: SecretPlace, at: Surroundings): Promise<string> {
  const secret = await readSecret(place, at);
  if (secret !== undefined) return secret;
  throw new Sv72Error('ERR_REFRESH_CHANNEL', `The channel ${channel} needs a secret, and there is none.`, {
    next: `Write it to a file of your own and name that with \`sv72 config set ${place.setting} FILE\`, or set ${place.variable}.`,
  });
}
