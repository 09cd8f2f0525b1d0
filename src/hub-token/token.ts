import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { expandHome, type Surroundings } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** Tokens live beside the objects that name them: nothing that prints or serialises one can reach its text. */
const texts = new WeakMap<HubToken, string>();

/** A token of the Hub. Printing or serialising it shows where it came from, never its text. */
export class HubToken {
  /** Where it was found, for people. */
  readonly from: string;

  constructor(text: string, from: string) {
    this.from = from;
    texts.set(this, text);
  }

  toJSON(): { from: string } {
    return { from: this.from };
  }

  [inspect.custom](): string {
    return `HubToken(${this.from})`;
  }
}

/** The text of a token, for the header that carries it or the environment of a job; never for anything that is shown. */
export function textOf(token: HubToken): string {
  const text = texts.get(token);
  if (text === undefined) throw new TypeError('not a token made by this module');
  return text;
}

export interface TokenSources {
  /** What a file descriptor held, and how it is called. */
  readonly given?: { readonly text: string; readonly from: string } | undefined;
  readonly at: Surroundings;
}

/**
 * The token to use, by the Hub's own order: what was given, HF_TOKEN, HUGGING_FACE_HUB_TOKEN, then the token file
 * (HF_TOKEN_PATH, else `token` in HF_HOME, else in the cache folder `huggingface` of this user).
 *
 * @returns undefined when there is none
 * @throws Sv72Error ERR_HUB_TOKEN when what was found cannot be a token, ERR_FILE_READ
 */
export async function findToken({ given, at }: TokenSources): Promise<HubToken | undefined> {
  if (given !== undefined) return tokenOf(given.text, given.from);
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const text = at.env[name]?.trim();
    if (text) return tokenOf(text, name);
  }
  const path = tokenPath(at);
  const text = await readToken(path);
  return text ? tokenOf(text, path) : undefined;
}

/** Where `hf auth login` leaves the token. */
export function tokenPath({ env, home, cwd }: Surroundings): string {
  const place = (path: string) => resolve(cwd, expandHome(path, home));
  if (env.HF_TOKEN_PATH) return place(env.HF_TOKEN_PATH);
  if (env.HF_HOME) return join(place(env.HF_HOME), 'token');
  return join(place(env.XDG_CACHE_HOME || '~/.cache'), 'huggingface', 'token');
}

function tokenOf(text: string, from: string): HubToken {
  const token = text.trim();
  if (/^hf_[A-Za-z0-9_.-]{8,}$/.test(token)) return new HubToken(token, from);
  throw new Sv72Error(
    'ERR_HUB_TOKEN',
    `What came from ${from} is no token of the Hub: those begin with hf_.`,
  );
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Sv72Error('ERR_FILE_READ', `${path} cannot be read (${String(code)}).`, { cause });
  }
}
