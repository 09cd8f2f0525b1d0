import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { bracketed, type Target } from './target.ts';

export interface WireRequest {
  readonly target: Target;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly contentType: string;
  readonly body: Buffer;
}

export type WireResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** As received; names keep their case. */
      readonly rawHeaders: readonly string[];
      readonly body: Buffer;
    }
  /** unreachable: no connection; disconnected: it ended before the answer; malformed: not HTTP, or too much of it. */
  | {
      readonly kind: 'failure';
      readonly reason: 'unreachable' | 'timeout' | 'disconnected' | 'malformed';
      readonly detail: string;
    };

const USER_AGENT = 'sv72';
/** More than any answer of an axon that echoes the largest image. */
const RESPONSE_LIMIT = 64 * 1024 * 1024;

/** Connections of one dendrite, kept between requests. A request is never sent twice. */
export class Transport {
  readonly #agent: Agent;

  constructor() {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 100, timeout: 15_000 });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @param timeoutMs for everything: connect, send, wait and read */
  async send(wire: WireRequest, timeoutMs: number): Promise<WireResult> {
    const { promise, resolve } = Promise.withResolvers<WireResult>();
    const request = httpRequest({
      host: wire.target.host,
      port: wire.target.port,
      method: 'POST',
      path: wire.path,
      agent: this.#agent,
      setHost: false,
      maxHeaderSize: 64 * 1024,
    });
    request.setHeader('Host', `${bracketed(wire.target.host)}:${wire.target.port}`);
    for (const [name, value] of wire.headers) request.setHeader(name, value);
    request.setHeader('Accept', '*/*');
    request.setHeader('Accept-Encoding', 'gzip, deflate');
    request.setHeader('User-Agent', USER_AGENT);
    request.setHeader('Content-Length', String(wire.body.length));
    request.setHeader('Content-Type', wire.contentType);
    request.removeHeader('Connection');

    let connected = false;
    const timer = setTimeout(() => finish({ kind: 'failure', reason: 'timeout', detail: '' }), timeoutMs);
    const finish = (result: WireResult) => {
      clearTimeout(timer);
      resolve(result);
      if (result.kind === 'failure') request.destroy();
    };
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => (connected = true));
      else connected = true;
    });
    request.on('error', (error) => finish(failureOf(error, connected)));
    request.on('response', (response) => {
      collect(response).then(
        (body) =>
          finish({
            kind: 'response',
            status: response.statusCode ?? 0,
            rawHeaders: response.rawHeaders,
            body,
          }),
        (error: unknown) => finish(failureOf(error, true)),
      );
    });
    request.end(wire.body);
    return promise;
  }
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > RESPONSE_LIMIT) throw new RangeError('the response is too large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks, length);
  const limit = { maxOutputLength: RESPONSE_LIMIT };
  switch (response.headers['content-encoding']?.toLowerCase()) {
    case 'gzip':
      return promisify<Buffer, typeof limit, Buffer>(gunzip)(body, limit);
    case 'deflate':
      return promisify<Buffer, typeof limit, Buffer>(inflate)(body, limit);
    default:
      return body;
  }
}

function failureOf(error: unknown, connected: boolean): WireResult {
  const detail = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!connected) return { kind: 'failure', reason: 'unreachable', detail };
  const reason = code === 'ECONNRESET' || code === 'EPIPE' ? 'disconnected' : 'malformed';
  return { kind: 'failure', reason, detail };
}
