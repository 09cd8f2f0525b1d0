import { connect, type Socket } from 'node:net';
import type { JunkOrder, JunkResult } from './protocol.ts';

/** Sends junk as fast as this process can, until stopped. */
export class JunkSender {
  #stopped = false;
  #sent = 0;
  #next = 0;
  readonly #started = performance.now();
  readonly #statuses: Record<string, number> = {};
  readonly #sockets = new Set<Socket>();
  readonly #order: JunkOrder;
  #nonce = BigInt(Date.now()) * 1_000_000n;

  constructor(order: JunkOrder) {
    this.#order = order;
    for (let i = 0; i < order.connections; i += 1) this.#open();
  }

  stop(): JunkResult {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.destroy();
    return { sent: this.#sent, statuses: this.#statuses, elapsedMs: performance.now() - this.#started };
  }

  #open(): void {
    const { host, port, sources, kind } = this.#order;
    const localAddress = sources[this.#next % sources.length] as string;
    this.#next += 1;
    const socket = connect({ host, port, localAddress });
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      // A turn of the loop, so that refused connections cannot starve the others.
      if (!this.#stopped) setImmediate(() => !this.#stopped && this.#open());
    });
    socket.on('connect', () => {
      if (kind === 'slow') this.#drip(socket);
      else if (kind === 'oversized') this.#flood(socket);
      else this.#send(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      for (const status of statusLines(chunk)) {
        this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
        if (kind !== 'slow' && kind !== 'oversized') this.#send(socket);
      }
    });
  }

  #head(): string {
    this.#nonce += 1_000n;
    return this.#order.head.replace('@nonce@', String(this.#nonce));
  }

  #send(socket: Socket): void {
    if (this.#stopped || socket.destroyed) return;
    this.#sent += 1;
    socket.cork();
    socket.write(this.#head(), 'latin1');
    socket.write(this.#order.body);
    socket.uncork();
  }

  /** A head that never ends, a byte at a time. */
  #drip(socket: Socket): void {
    this.#sent += 1;
    const head = Buffer.from(this.#head(), 'latin1');
    let at = 1;
    socket.write(head.subarray(0, 1));
    const timer = setInterval(() => {
      if (socket.destroyed || at >= head.length - 4) clearInterval(timer);
      else {
        socket.write(head.subarray(at, at + 1));
        at += 1;
      }
    }, 100);
    socket.on('close', () => clearInterval(timer));
  }

  /** A body that goes on as long as anybody takes it. */
  #flood(socket: Socket): void {
    this.#sent += 1;
    socket.write(this.#head(), 'latin1');
    const more = (): void => {
      while (!this.#stopped && !socket.destroyed && socket.write(this.#order.body));
    };
    socket.on('drain', more);
    more();
  }
}

function* statusLines(chunk: Buffer): Iterable<string> {
  for (let at = chunk.indexOf('HTTP/1.1 '); at !== -1; at = chunk.indexOf('HTTP/1.1 ', at + 12)) {
    yield chunk.toString('latin1', at + 9, at + 12);
  }
}
