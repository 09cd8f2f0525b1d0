import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Response {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** By exact spelling. */
  header(name: string): string | undefined;
  json(): Record<string, unknown>;
}

export interface Call {
  readonly port: number;
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
}

/** One request over node:http, headers exactly as given. */
export function call({
  port,
  host = '127.0.0.1',
  method = 'POST',
  path = '/',
  headers = [],
  body,
  agent,
}: Call) {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const flat = ['Host', `${host.includes(':') ? `[${host}]` : host}:${port}`, ...headers.flat()];
  if (bytes !== undefined) flat.push('Content-Length', String(bytes.length));
  const outgoing = request(
    { host, port, method, path, headers: flat, setHost: false, agent: agent ?? false },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve(response(incoming.statusCode ?? 0, incoming.rawHeaders, Buffer.concat(chunks).toString())),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(bytes);
  return promise;
}

function response(status: number, rawHeaders: readonly string[], body: string): Response {
  return {
    status,
    rawHeaders,
    body,
    header: (name) => {
      const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text === name);
      return at < 0 ? undefined : rawHeaders[at + 1];
    },
    json: () => JSON.parse(body),
  };
}

/** A bare connection: writes what it is told, and keeps all that comes back until the other side closes. */
export async function rawSocket(port: number, host = '127.0.0.1', from?: string) {
  const socket: Socket = connect({ port, host, ...(from === undefined ? {} : { localAddress: from }) });
  const chunks: Buffer[] = [];
  const closed = Promise.withResolvers<string>();
  const waiting: { test: (text: string) => boolean; resolve: (text: string) => void }[] = [];
  const text = () => Buffer.concat(chunks).toString('latin1');
  socket.on('data', (chunk) => {
    chunks.push(Buffer.from(chunk));
    const seen = text();
    for (const item of waiting) if (item.test(seen)) item.resolve(seen);
  });
  socket.on('error', () => {});
  socket.on('close', () => closed.resolve(text()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    write: (data: string | Uint8Array) => socket.write(data),
    /** Everything received, once the connection is closed. */
    closed: closed.promise,
    /** Everything received, once the test holds. */
    until: (test: (text: string) => boolean) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      if (test(text())) resolve(text());
      else waiting.push({ test, resolve });
      return promise;
    },
  };
}

export function keepAlive(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}
