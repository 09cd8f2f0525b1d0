import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How every inference server can fail, whatever it speaks. */
export type Fault = 'hang' | 'drip' | 'reset';

export interface InferenceServerOptions {
  readonly token?: string;
  readonly port?: number;
  /** Questions whether it is ready that are answered with 503 first. */
  readonly loading?: number;
}

/** A refusal that is the server's way, not the client's fault. */
export class Refusal extends Error {}

/** What the doubles of inference servers share: the port, what was wrong with requests, how they fail. */
export abstract class InferenceServer {
  /** What was wrong with a request. */
  readonly complaints: string[] = [];
  readonly #token: string | undefined;
  readonly #wantedPort: number;
  #loading: number;
  #busy = true;
  readonly #server = createServer((request, response) => {
    void this.answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!(error instanceof Refusal)) this.complaints.push(message);
      send(response, 400, this.refusal(message));
    });
  });

  protected constructor({ token, port = 0, loading = 0 }: InferenceServerOptions) {
    this.#token = token;
    this.#wantedPort = port;
    this.#loading = loading;
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** What it answers to a request that it does not take. */
  protected abstract refusal(message: string): object;

  /** Begins to listen. @returns itself */
  protected async listening(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.#wantedPort, '127.0.0.1', resolve);
    });
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  protected mayAsk({ headers }: IncomingMessage): boolean {
    return this.#token === undefined || headers.authorization === `Bearer ${this.#token}`;
  }

  /** Whether it still loads its model; each question brings it nearer to the end. */
  protected isLoading(): boolean {
    this.#loading -= 1;
    return this.#loading >= 0;
  }

  /** Whether it is busy, which it is once. */
  protected isBusyOnce(): boolean {
    const busy = this.#busy;
    this.#busy = false;
    return busy;
  }

  /** Never ends the answer, lets it drip, or breaks it off. @returns whether the mode is such a one */
  protected fails(mode: string, response: ServerResponse): mode is Fault {
    switch (mode) {
      case 'hang':
        return true;
      case 'drip': {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
        return true;
      }
      case 'reset':
        response.socket?.resetAndDestroy();
        return true;
      default:
        return false;
    }
  }
}

export function demand(fact: boolean, what: string): asserts fact {
  if (!fact) throw new Error(`the request lacks ${what}`);
}

/** @param retryAfter seconds after which it may be asked again */
export function send(response: ServerResponse, status: number, body: object, retryAfter?: number): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
