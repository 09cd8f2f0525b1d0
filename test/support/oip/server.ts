import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  demand,
  type Fault,
  InferenceServer,
  type InferenceServerOptions,
  send,
} from '../inference-server.ts';

/** How the double answers `infer`. */
export type OipMode =
  | Fault
  | 'well'
  | 'garbage'
  | 'busy-once'
  | 'busy'
  | 'wrong-shape'
  | 'text-values'
  | 'no-output'
  | 'not-a-probability'
  | 'error';

export interface OipOptions extends InferenceServerOptions {
  /** Answer to GET /v2. */
  readonly binary?: boolean;
  readonly model?: string;
  /** Answer to the model's description; default: uint8 [-1, 8, 8, 3] → roadwork FP32 [-1, 1]. */
  readonly metadata?: object;
}

/**
 * A server of the Open Inference Protocol, as strict as Triton: routes, content types, lengths, shapes and values of
 * what it is sent. Its model answers the mean brightness.
 */
export class OipServer extends InferenceServer {
  mode: OipMode = 'well';
  /** Pictures of each request that was answered or broken off. */
  readonly batches: number[] = [];
  readonly #options: OipOptions;

  private constructor(options: OipOptions) {
    super(options);
    this.#options = options;
  }

  static async start(options: OipOptions = {}): Promise<OipServer> {
    return await new OipServer(options).listening();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  protected override refusal(message: string): object {
    return { error: message };
  }

  protected override async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { model = 'mean-uint8', binary = true, metadata } = this.#options;
    if (!this.mayAsk(request)) {
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
        if (this.isLoading()) send(response, 503, { error: 'loading' });
        else send(response, 200, {});
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
    if (this.fails(this.mode, response)) return;
    switch (this.mode) {
      case 'garbage':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"outputs":[{"na');
        return;
      case 'busy-once':
        if (this.isBusyOnce()) {
          send(response, 503, { error: 'queue full' }, 0);
          return;
        }
        break;
      case 'busy':
        send(response, 429, { error: 'too many' }, 30);
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
