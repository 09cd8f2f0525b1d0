import type { Socket } from 'node:net';
import type { ConnectionReason } from './events.ts';
import type { ConnectionRecord } from './verifier.ts';

export interface Connection extends ConnectionRecord {
  readonly socket: Socket;
  /** The peer as people write it. */
  readonly address: string;
  /** The peer as limits count it. */
  readonly source: string;
  readonly port: number;
  /** A request is being answered. */
  busy: boolean;
}

export interface ConnectionLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

/** How long a connection that made room is held before it is closed. */
const HOLD_MS = 1_000;
/** So many of one axon are held at most, beside its open connections; above that the oldest is closed at once. */
export const HELD_CONNECTIONS = 2_048;

/**
 * The open connections, limited in all and per address. When a limit is reached, a connection without any valid request
 * makes room (those whose checks failed first, then the oldest): a flood must not lock out the callers behind it. What
 * made room is no longer read, and closed a while later: senders that open a connection for each one they lose would
 * otherwise take all the time there is with opening and closing.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #report: (reason: ConnectionReason, address: string) => void;
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #bySource = new Map<string, Set<Connection>>();
  readonly #held = new Map<Socket, number>();
  #closing: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(limits: ConnectionLimits, report: (reason: ConnectionReason, address: string) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  get count(): number {
    return this.#count;
  }

  of(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket);
  }

  /** Takes a new connection, or closes it. */
  add(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const source = sourceOf(address);
    const siblings = this.#bySource.get(source) ?? new Set();
    const full =
      siblings.size >= this.#limits.connectionsPerAddress
        ? 'address-limit'
        : this.#count >= this.#limits.connections
          ? 'limit'
          : undefined;
    if (full !== undefined) {
      const victim = worst(full === 'address-limit' ? siblings : this.#largest());
      if (victim === undefined) {
        this.#report(full, address);
        socket.destroy();
        return;
      }
      this.#report('evicted', victim.address);
      this.#remove(victim);
      this.#hold(victim.socket);
    }
    const connection: Connection = {
      socket,
      address,
      source,
      port: socket.remotePort ?? 0,
      valid: 0,
      invalid: 0,
      closed: false,
      busy: false,
    };
    this.#bySocket.set(socket, connection);
    siblings.add(connection);
    this.#bySource.set(source, siblings);
    this.#count += 1;
    socket.once('close', () => this.#remove(connection));
  }

  /** Closes at once what is held. */
  release(): void {
    for (const socket of this.#held.keys()) socket.destroy();
  }

  #hold(socket: Socket): void {
    if (socket.destroyed) return;
    if (this.#held.size >= HELD_CONNECTIONS) this.#held.keys().next().value?.destroy();
    socket.pause();
    this.#held.set(socket, performance.now() + HOLD_MS);
    socket.once('close', () => this.#held.delete(socket));
    this.#closing ??= setInterval(() => this.#closeHeld(), HOLD_MS / 20).unref();
  }

  #closeHeld(): void {
    const now = performance.now();
    for (const [socket, until] of this.#held) {
      if (until > now) break;
      this.#held.delete(socket);
      socket.destroy();
    }
    if (this.#held.size > 0) return;
    clearInterval(this.#closing);
    this.#closing = undefined;
  }

  #remove(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    this.#count -= 1;
    const siblings = this.#bySource.get(connection.source);
    siblings?.delete(connection);
    if (siblings?.size === 0) this.#bySource.delete(connection.source);
  }

  /** The source with most connections: who takes most gives first. */
  #largest(): ReadonlySet<Connection> {
    let largest: ReadonlySet<Connection> = new Set();
    for (const siblings of this.#bySource.values()) if (siblings.size > largest.size) largest = siblings;
    return largest;
  }
}

function worst(siblings: ReadonlySet<Connection>): Connection | undefined {
  let unproved: Connection | undefined;
  for (const connection of siblings) {
    if (connection.invalid > 0) return connection;
    if (connection.valid === 0) unproved ??= connection;
  }
  return unproved;
}

/** IPv4 addresses that arrive on an IPv6 socket, without the wrapping. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** An IPv6 host owns a whole /64, so that is what counts as one source. */
function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  if (tail !== undefined) while (groups.length + rest.length < 8) groups.push('0');
  return `${[...groups, ...rest].slice(0, 4).join(':')}::/64`;
}
