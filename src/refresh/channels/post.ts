import { Sv72Error } from '../../errors/index.ts';

/** How channels reach the network. */
export interface Post {
  readonly fetch: typeof globalThis.fetch;
  /** Longest wait for an answer, milliseconds. */
  readonly timeoutMs: number;
}

/** Most of an answer that is read, in characters, and most of it that is repeated. */
const READ = 4_096;
const REPEATED = 160;
/** Shorter parts of a secret are words such as `api`. */
const LEAST_PART = 6;

/**
 * Posts, and takes any status from 200 to 299 for delivered. Redirects are not followed: what is posted may be secret.
 *
 * @param secrets texts that no message may hold, such as the address itself
 * @throws ERR_REFRESH_SEND
 */
export async function post(
  { fetch, timeoutMs }: Post,
  channel: string,
  url: string,
  init: { readonly headers?: Readonly<Record<string, string>>; readonly body: string },
  secrets: readonly string[],
): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...init.headers },
      body: init.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new Sv72Error('ERR_REFRESH_SEND', `${channel} cannot be reached (${reasonOf(error)}).`);
  }
  if (answer.ok) {
    await answer.body?.cancel().catch(() => undefined);
    return;
  }
  const said = (await beginning(answer)).replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const safe = secrets.flatMap(partsOf).some((part) => said.includes(part)) ? '' : said.slice(0, REPEATED);
  const status = `status ${answer.status}`;
  throw new Sv72Error(
    'ERR_REFRESH_SEND',
    `${channel} refused the message (${safe === '' ? status : `${status}: ${safe}`}).`,
  );
}

/** A secret, and the longer parts of an address or a token: a server may repeat only its path. */
function partsOf(secret: string): string[] {
  return [secret, ...secret.split(/[/:?&=]/)].filter((part) => part.length >= LEAST_PART);
}

async function beginning(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= READ) break;
    }
  } catch {
    // What came until then says enough.
  }
  return text.slice(0, READ);
}

/** The kind of a network failure; never its text, which holds the address. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z0-9_]{3,40}$/.test(code) ? code : 'the connection failed';
}
