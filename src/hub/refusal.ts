import { type ErrorCode, Sv72Error } from '../errors/index.ts';
import type { HubToken } from '../hub-token/index.ts';
import { plainText } from './plain.ts';

const MOST_READ = 64 * 1024;

/** The request that failed. */
export interface Asked {
  readonly method: string;
  readonly address: string;
  /** Base URL of the Hub. */
  readonly url: string;
  readonly token: HubToken | undefined;
}

/** What an answer that is not 2xx means, in our words, with what the server said. */
export async function refusal(answer: Response, asked: Asked, waitMs?: number): Promise<Sv72Error> {
  const { status } = answer;
  const said = await saidBy(answer);
  const details = { status, method: asked.method, path: pathOf(asked), said };
  const tail = said === '' ? '.' : `: ${said}`;
  const make = (code: ErrorCode, sentence: string) => new Sv72Error(code, sentence, { details });
  const hub = new URL(asked.url).host;
  if (fromStorage(answer, asked)) {
    return make('ERR_HUB_UNREACHABLE', `The Hub’s storage answered with status ${status}${tail}`);
  }
  if (status === 401 && asked.token !== undefined && answer.headers.get('x-error-code') !== 'RepoNotFound')
    return make('ERR_HUB_TOKEN', `${hub} does not accept the token from ${asked.token.from}${tail}`);
  if (answer.headers.get('x-error-code') === 'GatedRepo')
    return make(
      'ERR_HUB_NOT_FOUND',
      `${nameOf(asked)} is gated: ${hub} shows its files only to those who were let in${tail}`,
    );
  if (status === 401 || status === 404)
    return make('ERR_HUB_NOT_FOUND', `${hub} knows no ${nounOf(answer)} ${nameOf(asked)}${tail}`);
  if (status === 403)
    return make(
      'ERR_HUB_RIGHTS',
      `${hub} does not allow this${asked.token ? ` with the token from ${asked.token.from}` : ''}${tail}`,
    );
  if (status === 412) return make('ERR_HUB_CHANGED', `The repository changed meanwhile${tail}`);
  if (waitMs !== undefined)
    return make(
      'ERR_HUB_UNREACHABLE',
      `${hub} asks to wait ${Math.ceil(waitMs / 60_000)} minutes, which is too long.`,
    );
  if (status === 429 || status >= 500)
    return make('ERR_HUB_UNREACHABLE', `${hub} answered with status ${status} again and again${tail}`);
  return make('ERR_HUB_REFUSED', `${hub} refused (${status})${tail}`);
}

/** A request that nobody answered. */
export function noAnswer(error: Error, asked: Asked): Sv72Error {
  const host = new URL(asked.address).host;
  const inner = error.cause instanceof Error ? error.cause : error;
  const why = 'code' in inner ? String(inner.code) : plainText(inner.message);
  return new Sv72Error('ERR_HUB_UNREACHABLE', `${host} cannot be reached (${why}).`, {
    details: { method: asked.method, path: pathOf(asked) },
    cause: error,
  });
}

/** A file that is another one than when the release was made; undefined for any other failure. */
export function changedFile(error: unknown): Sv72Error | undefined {
  const errors = [error, error instanceof Error ? error.cause : undefined];
  if (!errors.some((one) => one instanceof Error && one.name === 'NotReadableError')) return undefined;
  return new Sv72Error('ERR_BUNDLE_DAMAGED', 'A file changed while it was being published.', {
    cause: error,
  });
}

export function interrupted(cause: unknown): Sv72Error {
  return new Sv72Error('ERR_INTERRUPTED', 'Interrupted.', { cause });
}

/** Whether the storage said it: it was asked itself, or the Hub led there. */
export function fromStorage(answer: Response, { address, url }: Pick<Asked, 'address' | 'url'>): boolean {
  const last = answer.redirected ? answer.url : address;
  return new URL(last).origin !== new URL(url).origin;
}

/** The repository or file that was asked for, as people call it. */
function nameOf(asked: Asked): string {
  const path = decodeURIComponent(pathOf(asked));
  const found = /^\/(?:api\/models\/)?([^/]+\/[^/]+?)(?:\.git)?(?:\/(resolve\/[^/]+\/)?(.*))?$/.exec(path);
  if (found === null) return path;
  const [, repo = path, file, rest = ''] = found;
  return file === undefined ? repo : `${repo}/${rest}`;
}

/** Only the path: the query of a storage address is a signature. */
function pathOf({ address }: Asked): string {
  return plainText(new URL(address).pathname);
}

function nounOf(answer: Response): string {
  const nouns: Readonly<Record<string, string>> = { RevisionNotFound: 'revision', EntryNotFound: 'file' };
  return nouns[answer.headers.get('x-error-code') ?? ''] ?? 'repository';
}

async function saidBy(answer: Response): Promise<string> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_READ) break;
    }
  } catch {
    return '';
  }
  if (!(answer.headers.get('content-type') ?? '').includes('json')) {
    return plainText(answer.headers.get('x-error-message') ?? '');
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return '';
    for (const key of ['error', 'message']) {
      const value = (json as Readonly<Record<string, unknown>>)[key];
      if (typeof value === 'string') return plainText(value);
    }
  } catch {
    // A body that is no JSON says nothing.
  }
  return '';
}
