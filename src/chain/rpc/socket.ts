import WebSocket from 'ws';
import { retryAfterMs } from '../../web/index.ts';
import { RateLimited, RpcError, SocketLost, shown, TimedOut } from './failures.ts';

type Notify = (result: unknown) => void;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export interface SocketOptions {
  /** Longest wait for the connection to stand, in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The largest message taken: a metagraph of thousands of UIDs and the metadata fit well. */
const LARGEST_MESSAGE = 64 * 1024 * 1024;
/** Notifications kept for a subscription whose id is not known yet. */
const MOST_EARLY = 256;
/** A connection that is silent for this long is asked whether it lives, in ms. */
const HEARTBEAT_MS = 20_000;

/** One WebSocket that speaks JSON-RPC. When it is lost, all that wait on it are told so. */
export class RpcSocket {
  readonly url: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #notify = new Map<string, Notify>();
  readonly #early: { readonly id: string; readonly result: unknown }[] = [];
  readonly #onLost = new Set<(reason: string) => void>();
  readonly #heartbeat: NodeJS.Timeout;
  #alive = true;
  #lost: string | undefined;
  #nextId = 1;

  private constructor(socket: WebSocket, url: string) {
    this.url = url;
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#alive = true;
      this.#receive(String(data));
    });
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', (error) => this.#fail(shown(error.message)));
    socket.on('close', (code, reason) =>
      this.#fail(shown(`closed by the endpoint (${code}${reason.length > 0 ? ` ${reason}` : ''})`)),
    );
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** @throws SocketLost, TimedOut, RateLimited */
  static open(url: string, options: SocketOptions): Promise<RpcSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, {
        handshakeTimeout: options.timeoutMs,
        maxPayload: LARGEST_MESSAGE,
        perMessageDeflate: false,
        followRedirects: false,
      });
      const stop = () => socket.terminate();
      options.signal?.addEventListener('abort', stop, { once: true });
      const settled = () => options.signal?.removeEventListener('abort', stop);
      socket.once('open', () => {
        settled();
        socket.removeAllListeners();
        resolve(new RpcSocket(socket, url));
      });
      socket.once('unexpected-response', (request, response) => {
        settled();
        const { statusCode, headers } = response;
        response.resume();
        request.destroy();
        reject(
          statusCode === 429 || statusCode === 503
            ? new RateLimited(retryAfterMs(headers['retry-after'], Date.now()))
            : new SocketLost(`answered HTTP ${statusCode} instead of opening a WebSocket`),
        );
      });
      socket.on('error', (error) => {
        settled();
        const late = /handshake has timed out/i.test(error.message);
        reject(late ? new TimedOut('did not answer in time') : new SocketLost(reasonOf(error)));
      });
    });
  }

  get open(): boolean {
    return this.#lost === undefined;
  }

  /** @throws RpcError, TimedOut, SocketLost */
  request(method: string, params: readonly unknown[], timeoutMs: number): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(new SocketLost(this.#lost));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new TimedOut(`no answer to ${method} within ${Math.round(timeoutMs / 100) / 10} s`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Subscribes; `notify` gets every notification, those that came before the answer too. */
  async subscribe(
    method: string,
    params: readonly unknown[],
    timeoutMs: number,
    notify: Notify,
  ): Promise<string> {
    const id = String(await this.request(method, params, timeoutMs));
    this.#notify.set(id, notify);
    for (const early of this.#early.splice(0)) {
      if (early.id === id) notify(early.result);
      else this.#early.push(early);
    }
    return id;
  }

  unsubscribe(method: string, id: string): void {
    this.#notify.delete(id);
    if (this.#lost !== undefined) return;
    this.request(method, [id], 5_000).catch(() => undefined);
  }

  /** Calls back once when the connection is lost. */
  onLost(callback: (reason: string) => void): () => void {
    if (this.#lost !== undefined) callback(this.#lost);
    else this.#onLost.add(callback);
    return () => this.#onLost.delete(callback);
  }

  /** Gives the connection up; what waits on it is told the reason. */
  drop(reason: string): void {
    this.#fail(reason);
  }

  /** Closes politely; resolves when it is closed, or after a second. */
  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    const closed = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#onLost.clear();
    this.#socket.close(1000);
    await closed;
    this.#fail('closed');
  }

  #beat(): void {
    if (!this.#alive) {
      this.#fail('gave no sign of life');
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  #fail(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = reason;
    clearInterval(this.#heartbeat);
    this.#socket.terminate();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new SocketLost(reason));
    }
    this.#waiting.clear();
    this.#notify.clear();
    for (const callback of this.#onLost) callback(reason);
    this.#onLost.clear();
  }

  #receive(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.#fail('sent something that is no JSON');
      return;
    }
    if (!isObject(message)) return;
    if (typeof message.method === 'string' && isObject(message.params)) {
      this.#notified(String(message.params.subscription), message.params.result);
      return;
    }
    const waiting = typeof message.id === 'number' ? this.#waiting.get(message.id) : undefined;
    if (waiting === undefined) {
      // An error without an id answers no request in particular: what endpoints that limit do before they close.
      if (isObject(message.error)) this.#failAll(rpcError(message.error));
      return;
    }
    this.#waiting.delete(Number(message.id));
    clearTimeout(waiting.timer);
    if (isObject(message.error)) waiting.reject(rpcError(message.error));
    else waiting.resolve(message.result);
  }

  #failAll(error: RpcError): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }

  #notified(id: string, result: unknown): void {
    const notify = this.#notify.get(id);
    if (notify) notify(result);
    else if (this.#early.length < MOST_EARLY) this.#early.push({ id, result });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rpcError(error: Record<string, unknown>): RpcError {
  const code = typeof error.code === 'number' ? error.code : 0;
  return new RpcError(code, String(error.message ?? 'no message'), error.data);
}

function reasonOf(error: Error & { code?: string }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'refused the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has no address (its name cannot be resolved)';
    case 'ECONNRESET':
      return 'closed the connection';
    case 'ETIMEDOUT':
      return 'did not answer';
    default:
      return shown(error.message || error.code || 'failed');
  }
}
