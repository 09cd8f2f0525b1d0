import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Sv72Error } from '../errors/index.ts';
import { ByteBudget } from './body.ts';
import { startOn, systemClock } from './clock.ts';
import { Connections } from './connections.ts';
import type { AxonEvent, ConnectionReason } from './events.ts';
import { Exchange, type Shared } from './exchange.ts';
import { Lru } from './lru.ts';
import {
  type Axon,
  type AxonAddress,
  type AxonOptions,
  DEFAULT_LIMITS,
  DEFAULT_ROUTES,
  type ListenOptions,
} from './options.ts';
import { ReplayGuard } from './replay.ts';
import { createRouter } from './routes.ts';
import { createVerifier } from './verifier.ts';

/** How often overdue heads and bodies are looked for (ms). */
const CHECK_EVERY_MS = 500;

/**
 * The HTTP server that validators talk to: one hotkey on one port. It decides from the head of a request as long as it
 * can, answers every verified request before its caller gives up, and knows nothing of models.
 */
export function createAxon(options: AxonOptions): Axon {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const routes = { ...DEFAULT_ROUTES, ...options.routes };
  const clock = options.clock ?? systemClock;
  const { hotkey } = options;
  let draining = false;

  const observe = quiet(options.observer);
  const reportConnection = (reason: ConnectionReason, address: string) =>
    observe?.({ type: 'connection', axon: hotkey, reason, address });
  const connections = new Connections(limits, reportConnection);
  const shared: Shared = {
    hotkey,
    options,
    limits,
    router: createRouter(hotkey, routes, limits),
    verifier: options.verifier ?? createVerifier(),
    replays: new ReplayGuard(limits.noncesPerCaller, startOn(clock)),
    connections,
    verifiedBodies: new ByteBudget(limits.bodyBytesInFlight),
    unverifiedBodies: new ByteBudget(limits.unverifiedBodyBytes),
    publicKeys: new Lru(1_024),
    observe,
    clock,
    isDraining: () => draining,
  };

  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: noticed(Math.min(limits.headerMs, limits.requestMs)),
    requestTimeout: noticed(limits.requestMs),
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    insecureHTTPParser: false,
    noDelay: true,
  });
  server.timeout = 0;
  server.on('connection', (socket) => connections.add(socket));
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('clientError', (error, socket) => {
    const connection = socket instanceof Object ? connections.of(socket as Socket) : undefined;
    answerClientError(error, socket as Socket, connection?.busy ?? false, (reason) =>
      reportConnection(reason, connection?.address ?? ''),
    );
  });

  function handle(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = connections.of(request.socket);
    if (connection === undefined || connection.closed) {
      request.socket.destroy();
      return;
    }
    // No dendrite pipelines; who does wants more than one turn at a time.
    if (connection.busy) {
      reportConnection('pipelining', connection.address);
      request.socket.destroy();
      return;
    }
    connection.busy = true;
    request.on('error', ignore);
    response.on('error', ignore);
    void new Exchange(shared, request, response, connection, expectsContinue).run();
  }

  function shutDown(deadlineMs: number): Promise<void> {
    draining = true;
    if (!server.listening && connections.count === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
    connections.release();
    return promise;
  }

  async function close(): Promise<void> {
    const closed = shutDown(0);
    server.closeAllConnections();
    await closed;
  }

  return {
    hotkey,
    get address() {
      return addressOf(server);
    },
    listen: (listen) => listenOn(server, listen),
    drain: (deadlineMs) => (draining ? close() : shutDown(deadlineMs)),
    close,
    get connections() {
      return connections.count;
    },
  };
}

/** So much earlier that the next look still comes in time. */
function noticed(ms: number): number {
  return Math.max(CHECK_EVERY_MS / 5, ms - CHECK_EVERY_MS);
}

/** A miner must not fall over its own bookkeeping: what an observer throws is dropped. */
function quiet(observer: AxonOptions['observer']): ((event: AxonEvent) => void) | undefined {
  if (observer === undefined) return undefined;
  return (event) => {
    try {
      observer(event);
    } catch {
      // The observer's own business.
    }
  };
}

function ignore(): void {}

async function listenOn(server: Server, { host = '::', port }: ListenOptions): Promise<AxonAddress> {
  try {
    return await tryListen(server, host, port);
  } catch (error) {
    const code = errorCode(error);
    // A machine without IPv6 has no `::`.
    if (host === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) {
      return tryListen(server, '0.0.0.0', port).catch((second: unknown) => {
        throw listenError(second, '0.0.0.0', port);
      });
    }
    throw listenError(error, host, port);
  }
}

function tryListen(server: Server, host: string, port: number): Promise<AxonAddress> {
  const { promise, resolve, reject } = Promise.withResolvers<AxonAddress>();
  const onListening = () => {
    server.off('error', onError);
    const address = addressOf(server);
    if (address !== undefined) resolve(address);
  };
  const onError = (error: Error) => {
    server.off('listening', onListening);
    reject(error);
  };
  server.once('error', onError);
  server.once('listening', onListening);
  // A flood of connections fills a shorter queue, and a caller that finds it full tries again only after a second.
  server.listen({ host, port, backlog: 4096 });
  return promise;
}

function addressOf(server: Server): AxonAddress | undefined {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string'
    ? undefined
    : { host: address.address, port: address.port };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function listenError(cause: unknown, host: string, port: number): Sv72Error {
  const code = errorCode(cause);
  const details = { host, port, reason: code };
  if (code === 'EADDRINUSE') {
    return new Sv72Error('ERR_PORT_IN_USE', `Port ${port} on ${host} is in use.`, { details, cause });
  }
  if (code === 'EACCES') {
    return new Sv72Error('ERR_PORT_DENIED', `This user may not listen on port ${port}.`, { details, cause });
  }
  return new Sv72Error('ERR_LISTEN', `Listening on ${host} port ${port} is not possible.`, {
    details,
    cause,
  });
}

const CLIENT_ERRORS: Readonly<Record<string, { readonly line: string; readonly text: string }>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    text: 'Request headers are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', text: 'The request took too long to arrive.' },
};

/** What is not HTTP gets one line of text, as the Python axon's server does it, and the connection is closed. */
function answerClientError(
  error: Error,
  socket: Socket,
  busy: boolean,
  report: (reason: ConnectionReason) => void,
): void {
  const code = errorCode(error);
  if (code !== 'ECONNRESET' && code !== 'EPIPE') {
    report(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-slow' : 'malformed');
  }
  // While an answer is under way, text written between its bytes could be taken for a part of it.
  if (!socket.writable || (busy && code !== 'ERR_HTTP_REQUEST_TIMEOUT') || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const known = CLIENT_ERRORS[code] ?? { line: '400 Bad Request', text: 'Invalid HTTP request received.' };
  socket.end(
    `HTTP/1.1 ${known.line}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${known.text.length}\r\n` +
      `connection: close\r\n\r\n${known.text}`,
    () => socket.destroy(),
  );
}
