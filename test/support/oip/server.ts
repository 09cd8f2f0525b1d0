import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** How the double answers `infer`. */
export type OipMode =
  | 'well'
  | 'hang'
  | 'garbage'
  | 'drip'
  | 'reset'
  | 'busy-once'
  | 'busy'
  | 'wrong-shape'
  | 'text-values'
  | 'no-output'
  | 'not-a-probability'
  | 'error';

export interface OipOptions {
  /** Answer to GET /v2. */
  readonly binary?: boolean;
  readonly model?: string;
  /** Answer to the model's description; default: uint8 [-1, 8, 8, 3] → roadwork FP32 [-1, 1]. */
  readonly metadata?: object;
  /** Questions whether it is ready that are answered with 503 first. */
  readonly loading?: number;
  readonly token?: string;
  readonly port?: number;
}

/**
 * A server of the Open Inference Protocol, as strict as Triton: routes, content types, lengths, shapes and values of
 * what it is sent. Its model answers the mean brightness.
 */
export class OipServer {
  mode: OipMode = 'well';
  /** Pictures of each request that was answered or broken off. */
  readonly batches: number[] = [];
  /** What was wrong with a request. */
  readonly complaints: string[] = [];
  #loading: number;
  #busy = true;
  readonly #options: OipOptions;
  readonly #server: Server;

  private constructor(options: OipOptions) {
    this.#options = options;
    this.#loading = options.loading ?? 0;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch((error: unknown) => {
        this.complaints.push(String(error));
        send(response, 400, { error: String(error) });
      });
    });
  }

  static async start(options: OipOptions = {}): Promise<OipServer> {
    const server = new OipServer(options);
    await new Promise<void>((resolve) => {
      server.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token, model = 'mean-uint8', binary = true, metadata } = this.#options;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      send(response, 401, { error: 'no token' });
      return;
    }
    const base = `/v2/models/${model}`;
    switch (`${request.method} ${request.url}`) {
      case 'GET /v2':
        send(response, 200, {
          name: 'double',
          version: '1.0',
          extensions: binary ? ['classification', 'binary_tensor_data'] : [],
        });
        return;
      case `GET ${base}/ready`:
        this.#loading -= 1;
        send(response, this.#loading >= 0 ? 503 : 200, this.#loading >= 0 ? { error: 'loading' } : {});
        return;
      case `GET ${base}`:
        send(response, 200, metadata ?? this.#described(model));
        return;
      case `POST ${base}/infer`:
        await this.#infer(request, response);
        return;
      default:
        send(response, 404, { error: `Request for unknown model or path ${request.url}` });
    }
  }

  #described(name: string): object {
    return {
      name,
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, 8, 8, 3] }],
      outputs: [{ name: 'roadwork', datatype: 'FP32', shape: [-1, 1] }],
    };
  }

  async #infer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { binary = true } = this.#options;
    const { head, pixels } = binary
      ? splitBinary(request, body)
      : { head: json(request, body), pixels: null };
    const [input] = head.inputs;
    demand(head.inputs.length === 1 && input !== undefined, 'one input');
    demand(input.name === 'image' && input.datatype === 'UINT8', 'the input image of UINT8');
    const [count = 0, ...rest] = input.shape;
    demand(rest.join() === '8,8,3' && count >= 1 && count <= 16, `shape ${input.shape.join()}`);
    const data = pixels ?? Uint8Array.from(input.data ?? []);
    demand(data.length === count * 192, `${data.length} values`);
    demand(
      pixels !== null || (input.data ?? []).every((v) => Number.isInteger(v) && v >= 0 && v < 256),
      'bytes',
    );
    demand(head.outputs?.[0]?.name === 'roadwork', 'the output roadwork');
    this.batches.push(count);
    const means = Array.from({ length: count }, (_, i) => {
      const one = data.subarray(i * 192, (i + 1) * 192);
      return one.reduce((sum, v) => sum + v, 0) / one.length / 255;
    });
    this.#reply(response, count, means);
  }

  #reply(response: ServerResponse, count: number, means: number[]): void {
    const good = { name: 'roadwork', datatype: 'FP32', shape: [count, 1], data: means };
    switch (this.mode) {
      case 'hang':
        return;
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'garbage':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"outputs":[{"na');
        return;
      case 'drip': {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'busy-once':
        if (this.#busy) {
          this.#busy = false;
          response.setHeader('retry-after', '0');
          send(response, 503, { error: 'queue full' });
          return;
        }
        break;
      case 'busy':
        response.setHeader('retry-after', '30');
        send(response, 429, { error: 'too many' });
        return;
      case 'wrong-shape':
        send(response, 200, { outputs: [{ ...good, data: [...means, 0.5, 0.5] }] });
        return;
      case 'text-values':
        send(response, 200, { outputs: [{ ...good, data: means.map(String) }] });
        return;
      case 'no-output':
        send(response, 200, { outputs: [{ ...good, name: 'other' }] });
        return;
      case 'not-a-probability':
        send(response, 200, { outputs: [{ ...good, data: means.map(() => 7) }] });
        return;
      case 'error':
        send(response, 500, { error: 'CUDA out of memory\nand a long trace' });
        return;
      case 'well':
        break;
    }
    send(response, 200, { model_name: 'mean-uint8', model_version: '1', outputs: [good] });
  }
}

interface Tensor {
  readonly name: string;
  readonly shape: number[];
  readonly datatype: string;
  readonly data?: number[];
  readonly parameters?: { readonly binary_data_size?: number; readonly binary_data?: boolean };
}

interface Head {
  readonly inputs: Tensor[];
  readonly outputs?: Tensor[];
}

function splitBinary(request: IncomingMessage, body: Buffer): { head: Head; pixels: Uint8Array } {
  demand(request.headers['content-type'] === 'application/octet-stream', 'octet-stream');
  const length = Number(request.headers['inference-header-content-length']);
  demand(length > 0 && length < body.length, 'a header length');
  const head: Head = JSON.parse(body.subarray(0, length).toString());
  const pixels = body.subarray(length);
  demand(head.inputs[0]?.parameters?.binary_data_size === pixels.length, 'binary_data_size');
  demand(head.outputs?.[0]?.parameters?.binary_data === false, 'an answer in JSON asked for');
  return { head, pixels };
}

function json(request: IncomingMessage, body: Buffer): Head {
  demand(request.headers['content-type'] === 'application/json', 'application/json');
  return JSON.parse(body.toString());
}

function demand(fact: boolean, what: string): asserts fact {
  if (!fact) throw new Error(`the request lacks ${what}`);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
