import { setTimeout as sleep } from 'node:timers/promises';
import { Sv72Error } from '../../errors/index.ts';
import type { ConnectionNews, Hex } from '../types.ts';
import { RateLimited, RpcError, SocketLost, shown, TimedOut } from './failures.ts';
import { RpcSocket } from './socket.ts';

export interface ConnectionOptions {
  /** Tried in this order, round and round. */
  readonly endpoints: readonly string[];
  /**
   * Genesis that every endpoint must have; undefined: that of the first endpoint in the list. The others are not asked before it is
   * known, since whoever answers first could be another chain.
   */
  readonly genesis: Hex | undefined;
  readonly timeoutMs: number;
  readonly onNews?: ((news: ConnectionNews) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Subscription {
  readonly subscribe: string;
  readonly unsubscribe: string;
  readonly params: readonly unknown[];
  readonly notify: (result: unknown) => void;
  id: string | undefined;
}

/** Rounds over all endpoints before a connection is given up, and the pause after the first, in ms; it doubles. */
const ROUNDS = 3;
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** Times that one read is asked again after a lost connection. */
const READ_RETRIES = 3;
/** Times that a rate limit is waited for within one read, and the wait when the endpoint names none, in ms; it doubles. */
const LIMIT_WAITS = 4;
const LIMIT_PAUSE_MS = 1_000;
const HANDSHAKE_MS = 10_000;

/**
 * JSON-RPC over one of several endpoints of the same chain. Reads survive a lost connection by moving to the next endpoint;
 * submissions (`watchOnce`) are never repeated. Subscriptions are made again after a reconnection.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #subscriptions = new Set<Subscription>();
  readonly #closing = new AbortController();
  #next = 0;
  #socket: RpcSocket | undefined;
  #connecting: Promise<RpcSocket> | undefined;
  #genesis: Hex | undefined;
  /** performance.now() before which nothing is asked, by an endpoint's wish. */
  #notBefore = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#genesis = options.genesis;
    options.signal?.addEventListener('abort', () => this.#closing.abort(), { once: true });
  }

  /** Known once connected. */
  get genesis(): Hex | undefined {
    return this.#genesis;
  }

  get endpoint(): string {
    return this.#socket?.url ?? this.#options.endpoints[this.#next] ?? '';
  }

  /**
   * Asks until there is an answer; for reads.
   * @throws RpcError as the node answered, ERR_CHAIN_TIMEOUT, ERR_CHAIN_UNREACHABLE, ERR_CHAIN_RATE_LIMITED, ERR_CHAIN_GENESIS
   */
  async read(method: string, params: readonly unknown[]): Promise<unknown> {
    let lost = 0;
    let limited = 0;
    for (;;) {
      await this.#waitTurn();
      const socket = await this.connect();
      try {
        return await socket.request(method, params, this.#options.timeoutMs);
      } catch (error) {
        if (error instanceof RpcError && error.rateLimited) {
          if (++limited > LIMIT_WAITS) throw rateLimited(socket.url);
          this.#limit(socket.url, undefined, limited);
        } else if (error instanceof TimedOut) {
          socket.drop('did not answer');
          if (++lost >= this.#options.endpoints.length) throw timedOut(socket.url, error);
        } else if (error instanceof SocketLost) {
          if (++lost > READ_RETRIES) throw unreachable([[socket.url, error.message]]);
          await this.#pause(PAUSE_MS * 2 ** (lost - 1));
        } else {
          throw error;
        }
      }
    }
  }

  /**
   * Subscribes exactly once, on the connection as it is, without making it again when that is lost.
   * @returns what ends it
   * @throws RpcError, SocketLost, TimedOut
   */
  async watchOnce(
    method: string,
    unsubscribe: string,
    params: readonly unknown[],
    notify: (result: unknown) => void,
    lost: (reason: string) => void,
  ): Promise<() => void> {
    await this.#waitTurn();
    const socket = await this.connect();
    const forget = socket.onLost(lost);
    try {
      const id = await socket.subscribe(method, params, this.#options.timeoutMs, notify);
      return () => {
        forget();
        socket.unsubscribe(unsubscribe, id);
      };
    } catch (error) {
      forget();
      // Who does not answer is not asked next.
      if (error instanceof TimedOut) socket.drop('did not answer');
      throw error;
    }
  }

  /** Subscribes for as long as this connection lives. @returns what ends it */
  async subscribe(
    subscribe: string,
    unsubscribe: string,
    params: readonly unknown[],
    notify: (result: unknown) => void,
  ): Promise<() => void> {
    const one: Subscription = { subscribe, unsubscribe, params, notify, id: undefined };
    const socket = await this.connect();
    await this.#start(socket, one);
    this.#subscriptions.add(one);
    // The socket may have been lost while this was on its way.
    if (!socket.open) this.#reconnect();
    return () => {
      this.#subscriptions.delete(one);
      if (one.id !== undefined) this.#socket?.unsubscribe(unsubscribe, one.id);
    };
  }

  /** The connection that stands, made when there is none. */
  async connect(): Promise<RpcSocket> {
    if (this.#socket?.open) return this.#socket;
    this.#connecting ??= this.#connectAnew().finally(() => {
      this.#connecting = undefined;
    });
    return await this.#connecting;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#subscriptions.clear();
    await this.#socket?.close();
  }

  async #connectAnew(): Promise<RpcSocket> {
    const { endpoints } = this.#options;
    const reasons = new Map<string, string>();
    let wrongGenesis: Sv72Error | undefined;
    let sawTimeout = true;
    let waits = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let wait: number | undefined;
      for (let tried = 0; tried < endpoints.length; tried++) {
        this.#refuseWhenClosed();
        if (this.#genesis === undefined && this.#next > 0) this.#next = 0;
        const url = endpoints[this.#next] ?? '';
        try {
          return await this.#open(url);
        } catch (error) {
          this.#refuseWhenClosed();
          if (error instanceof Sv72Error) wrongGenesis = error;
          if (error instanceof RateLimited || (error instanceof RpcError && error.rateLimited)) {
            wait = Math.min(wait ?? Infinity, (error instanceof RateLimited ? error.waitMs : undefined) ?? 0);
          }
          sawTimeout &&= error instanceof TimedOut;
          reasons.set(url, error instanceof Error ? error.message : String(error));
          this.#next = (this.#next + 1) % endpoints.length;
          if (this.#genesis === undefined) break;
        }
      }
      // Another chain does not become the right one, and who hung for so long is not asked again.
      if (wrongGenesis && wait === undefined && reasons.size === endpoints.length) throw wrongGenesis;
      if (sawTimeout) break;
      if (wait !== undefined && waits < LIMIT_WAITS) {
        const ms = Math.min(Math.max(wait, LIMIT_PAUSE_MS * 2 ** waits), this.#options.timeoutMs);
        waits++;
        round--;
        this.#options.onNews?.({ kind: 'rate-limited', endpoint: this.endpoint, waitMs: ms });
        await this.#pause(ms);
      } else if (wait !== undefined) {
        throw this.#withUnused(rateLimited(this.endpoint));
      } else if (round < ROUNDS - 1) {
        await this.#pause(PAUSE_MS * 2 ** round);
      }
    }
    if (wrongGenesis) throw wrongGenesis;
    if (sawTimeout) throw this.#withUnused(timedOut(endpoints[0] ?? '', undefined));
    throw this.#withUnused(unreachable([...reasons]));
  }

  /** The failure of the first endpoint, with the reason why the others were left alone. */
  #withUnused(error: Sv72Error): Sv72Error {
    const unused = this.#options.endpoints.slice(1);
    const [other] = unused;
    if (this.#genesis !== undefined || other === undefined) return error;
    const { code, message, details, cause } = error;
    return new Sv72Error(
      code,
      `${message} The further endpoints (${unused.join(', ')}) were not used: which chain they have to serve is known only when the first has answered once, and any chain could be behind them.`,
      {
        next: `If you trust it, put another one first: --network ${other}; or name a network whose chain is known (finney, test).`,
        details: { ...details, not_used: unused },
        cause,
      },
    );
  }

  async #open(url: string): Promise<RpcSocket> {
    const { onNews, signal } = this.#options;
    const timeoutMs = Math.min(this.#options.timeoutMs, HANDSHAKE_MS);
    onNews?.({ kind: 'connecting', endpoint: url });
    const socket = await RpcSocket.open(url, { timeoutMs, signal });
    try {
      const genesis = String(await socket.request('chain_getBlockHash', [0], timeoutMs)).toLowerCase() as Hex;
      this.#genesis ??= genesis;
      if (genesis !== this.#genesis) throw otherChain(url, genesis, this.#genesis);
      for (const one of this.#subscriptions) await this.#start(socket, one);
    } catch (error) {
      socket.drop('refused');
      throw error;
    }
    this.#refuseWhenClosed(socket);
    this.#socket = socket;
    socket.onLost((reason) => this.#lost(socket, reason));
    onNews?.({ kind: 'connected', endpoint: url });
    return socket;
  }

  async #start(socket: RpcSocket, one: Subscription): Promise<void> {
    const { timeoutMs } = this.#options;
    one.id = await socket.subscribe(one.subscribe, one.params, timeoutMs, one.notify);
  }

  #lost(socket: RpcSocket, reason: string): void {
    if (this.#socket === socket) this.#socket = undefined;
    if (this.#closing.signal.aborted) return;
    this.#options.onNews?.({ kind: 'lost', endpoint: socket.url, reason });
    this.#next = (this.#options.endpoints.indexOf(socket.url) + 1) % this.#options.endpoints.length;
    if (this.#subscriptions.size > 0) this.#reconnect();
  }

  /** Keeps trying, more and more slowly, while somebody is subscribed. */
  async #reconnect(): Promise<void> {
    let pause = PAUSE_MS;
    while (this.#subscriptions.size > 0 && !this.#closing.signal.aborted) {
      try {
        await this.#pause(pause * (0.5 + Math.random() / 2));
        await this.connect();
        return;
      } catch {
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  #limit(url: string, wished: number | undefined, times: number): void {
    const waitMs = Math.min(wished ?? LIMIT_PAUSE_MS * 2 ** (times - 1), this.#options.timeoutMs);
    this.#notBefore = Math.max(this.#notBefore, performance.now() + waitMs);
    this.#options.onNews?.({ kind: 'rate-limited', endpoint: url, waitMs });
  }

  async #waitTurn(): Promise<void> {
    this.#refuseWhenClosed();
    const wait = this.#notBefore - performance.now();
    if (wait > 0) await this.#pause(wait);
  }

  async #pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#closing.signal });
    } catch {
      this.#refuseWhenClosed();
    }
  }

  #refuseWhenClosed(socket?: RpcSocket): void {
    if (!this.#closing.signal.aborted) return;
    socket?.drop('closed');
    throw new Sv72Error('ERR_INTERRUPTED', 'The connection to the chain was closed.');
  }
}

function otherChain(url: string, found: Hex, wanted: Hex): Sv72Error {
  return new Sv72Error(
    'ERR_CHAIN_GENESIS',
    `${url} serves another chain than the one asked for: its genesis is ${shown(found, 66)}, not ${wanted}.`,
    { details: { endpoint: url, found: shown(found, 66), wanted } },
  );
}

function timedOut(url: string, cause: unknown): Sv72Error {
  return new Sv72Error('ERR_CHAIN_TIMEOUT', `${url} did not answer in time.`, {
    details: { endpoint: url },
    cause,
  });
}

function rateLimited(url: string): Sv72Error {
  return new Sv72Error(
    'ERR_CHAIN_RATE_LIMITED',
    `${url} says that it is asked too often, and kept saying so.`,
    {
      details: { endpoint: url },
    },
  );
}

function unreachable(reasons: readonly (readonly [url: string, reason: string])[]): Sv72Error {
  const said = reasons.map(([url, reason]) => `${url} ${reason}`);
  return new Sv72Error('ERR_CHAIN_UNREACHABLE', `The chain cannot be reached: ${said.join('; ')}.`, {
    details: { endpoints: reasons.map(([url]) => url) },
  });
}
