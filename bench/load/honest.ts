import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import type { LoadOrder, LoadResult, Stream } from './protocol.ts';

/** Sends signed requests and times the answers. Heads are signed beforehand, so the clock sees only the server. */
export async function honestLoad(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const started = performance.now();
  const end = started + order.durationMs;
  const gapMs = order.ratePerSecond === undefined ? 0 : (1000 * order.streams.length) / order.ratePerSecond;
  let body = 0;
  let exhausted = false;

  const run = async (stream: Stream, index: number): Promise<void> => {
    let link: Link | undefined;
    let due = started + (gapMs * index) / order.streams.length;
    for (let i = 0; ; i += 1) {
      if (gapMs > 0) {
        const wait = due - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        due += gapMs;
      }
      const begun = performance.now();
      if (begun >= end) break;
      if (i >= stream.nonces.length) {
        exhausted = true;
        break;
      }
      const head = `${stream.before}${stream.nonces[i]}${stream.between}${stream.signatures[i]}${stream.after}`;
      const bytes = order.bodies[body % order.bodies.length] as Uint8Array;
      body += 1;
      if (link === undefined || link.closed) link = new Link(order);
      const status = await link.ask(head, bytes);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 'failed') link = undefined;
      else latencies.push(performance.now() - begun);
      if (!order.keepAlive) {
        link?.close();
        link = undefined;
      }
    }
    link?.close();
  };

  await Promise.all(order.streams.map(run));
  const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return {
    requests,
    elapsedMs: performance.now() - started,
    latencies: Float64Array.from(latencies),
    statuses,
    exhausted,
  };
}

/** One connection that carries one request at a time. */
class Link {
  closed = false;
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  readonly #timeoutMs: number;
  #settle: ((status: string) => void) | undefined;

  constructor(order: LoadOrder) {
    const { host, port, localAddress } = order;
    this.#timeoutMs = order.timeoutMs;
    this.#socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => {
      const status = this.#reader.read(chunk);
      if (status !== undefined) this.#settle?.(String(status));
    });
    this.#socket.on('error', () => this.#fail());
    this.#socket.on('close', () => this.#fail());
    this.#socket.on('end', () => {
      this.closed = true;
    });
  }

  ask(head: string, body: Uint8Array): Promise<string> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#fail(), this.#timeoutMs);
      this.#settle = (status) => {
        this.#settle = undefined;
        clearTimeout(timer);
        resolve(status);
      };
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.closed = true;
    this.#socket.destroy();
  }

  #fail(): void {
    this.close();
    this.#settle?.('failed');
  }
}
