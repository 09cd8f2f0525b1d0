import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Chain } from '../chain/chain.ts';
import type { Spelling } from '../chain/validity.ts';
import type { ChainState } from '../model.ts';
import { RATE_LIMITED, RpcError } from './error.ts';
import { Misbehaviour } from './misbehaviour.ts';
import { type Methods, Session } from './session.ts';

export interface EndpointOptions<W extends ChainState> {
  readonly chain: Chain<W>;
  readonly methods: Methods<W>;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly spelling: Spelling;
  readonly afterSubmission: () => void;
  /** Called with each request, before it is answered. */
  readonly onRequest?: ((method: string, params: readonly unknown[]) => void) | undefined;
}

/** One WebSocket address of a chain, with its own ways to misbehave. */
export interface Endpoint {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly misbehave: Misbehaviour;
  /** Names of the methods called so far, in order. */
  readonly requests: readonly string[];
  /** Connections now open. */
  readonly connections: number;
  close(): Promise<void>;
}

interface Request {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

/** Serves a chain over WebSocket JSON-RPC (single requests and batches), and over plain HTTP POST. */
export async function listen<W extends ChainState>(options: EndpointOptions<W>): Promise<Endpoint> {
  const sockets = new Set<WebSocket>();
  const raw = new Set<Socket>();
  const requests: string[] = [];
  const misbehave = new Misbehaviour(() => {
    for (const socket of sockets) socket.terminate();
  });
  const answer = (session: Session<W>, request: Request) => {
    requests.push(String(request.method));
    options.onRequest?.(String(request.method), Array.isArray(request.params) ? request.params : []);
    const lacked = misbehave.lacks(String(request.method));
    return respond(lacked ? {} : options.methods, session, request);
  };
  const newSession = (send: (message: object) => void) =>
    new Session<W>({
      chain: options.chain,
      misbehaviour: misbehave,
      spelling: options.spelling,
      afterSubmission: options.afterSubmission,
      send,
    });

  const http = createServer((request, response) => post(request, response, newSession, answer));
  http.on('connection', (socket) => {
    raw.add(socket);
    socket.once('close', () => raw.delete(socket));
  });
  const websockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024 });
  http.on('upgrade', (request, socket, head) => {
    if (misbehave.takesHandshake()) {
      socket.end(
        'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    websockets.handleUpgrade(request, socket, head, (socket) => serve(socket));
  });

  function serve(socket: WebSocket): void {
    sockets.add(socket);
    const send = (message: object) => {
      const text = JSON.stringify(message, bigintsAsText);
      const go = () => {
        if (socket.readyState === socket.OPEN) socket.send(text);
      };
      if (misbehave.slowMs > 0) setTimeout(go, misbehave.slowMs).unref();
      else go();
    };
    const session = newSession(send);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      session.close();
    });
    socket.on('message', (data) => {
      let parsed: unknown;
      try {
        parsed = JSON.parse(String(data));
      } catch {
        return send({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } });
      }
      const all = (Array.isArray(parsed) ? parsed : [parsed]) as Request[];
      const answers: object[] = [];
      for (const request of all) {
        const method = String(request.method);
        if (method.startsWith('dev_')) {
          answers.push(answer(session, request));
          continue;
        }
        if (misbehave.hangs(method)) continue;
        const close = misbehave.takesClose(method);
        if (close === 'before') return socket.terminate();
        const answered = misbehave.takesLimit()
          ? { jsonrpc: '2.0', id: request.id, error: RATE_LIMITED.toJSON() }
          : answer(session, request);
        if (close === 'after') return socket.terminate();
        answers.push(answered);
      }
      if (answers.length > 0) send(Array.isArray(parsed) ? answers : (answers[0] as object));
    });
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, options.host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    misbehave,
    requests,
    get connections() {
      return sockets.size;
    },
    close: async () => {
      for (const socket of sockets) socket.terminate();
      for (const socket of raw) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function respond<W extends ChainState>(methods: Methods<W>, session: Session<W>, request: Request): object {
  const base = { jsonrpc: '2.0', id: request.id ?? null };
  const method = methods[String(request.method)];
  if (method === undefined) return { ...base, error: { code: -32601, message: 'Method not found' } };
  try {
    const params = Array.isArray(request.params) ? request.params : [];
    return { ...base, result: method(session, params) ?? null };
  } catch (error) {
    if (error instanceof RpcError) return { ...base, error: error.toJSON() };
    const { stack } = error as Error;
    return { ...base, error: { code: -32603, message: 'Internal error', data: stack } };
  }
}

function post<W extends ChainState>(
  request: IncomingMessage,
  response: ServerResponse,
  newSession: (send: (message: object) => void) => Session<W>,
  answer: (session: Session<W>, request: Request) => object,
): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const session = newSession(() => undefined);
    let body: object;
    try {
      const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
      body = Array.isArray(parsed)
        ? parsed.map((one) => answer(session, one as Request))
        : answer(session, parsed as Request);
    } catch {
      body = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } };
    }
    session.close();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body, bigintsAsText));
  });
}

const bigintsAsText = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;
