import { stripVTControlCharacters } from 'node:util';

/** Why a request got no answer. These stay within src/chain; who is outside sees Sv72Error. */
export class SocketLost extends Error {
  override readonly name = 'SocketLost';
}

export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** The endpoint says that too much is asked (HTTP 429 or its JSON-RPC relatives). */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  /** What the endpoint asked us to wait, in ms. */
  readonly waitMs: number | undefined;

  constructor(waitMs: number | undefined) {
    super('too many requests');
    this.waitMs = waitMs;
  }
}

/** The node answered with an error. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }

  get rateLimited(): boolean {
    return this.code === 429 || this.code === -32_005 || /too many requests|rate.?limit/i.test(this.message);
  }

  get unknownMethod(): boolean {
    return this.code === -32_601;
  }
}

/** What a stranger wrote, fit to be shown: one line, no control characters, not long. */
export function shown(text: string, most = 200): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const line = stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
