import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import {
  demand,
  type Fault,
  InferenceServer,
  type InferenceServerOptions,
  Refusal,
  send,
} from '../inference-server.ts';

/** How the double answers a picture. */
export type ChatMode =
  | Fault
  | 'well'
  | 'garbage'
  | 'truncated'
  | 'busy'
  | 'busy-once'
  | 'error'
  | 'error-in-200'
  | 'no-choices'
  | 'no-logprobs'
  | 'text'
  | 'no-word'
  | 'thinks'
  | 'endless';

export interface ChatOptions extends InferenceServerOptions {
  /** Before the paths; default `/v1`. */
  readonly prefix?: string;
  readonly models?: readonly string[];
  readonly owner?: string;
  /** Fields that it refuses with 400, as strict servers do. */
  readonly refuses?: readonly string[];
  readonly mostTopLogprobs?: number;
  /** Does not take pictures. */
  readonly blind?: boolean;
  /** Leaves out what it counted. */
  readonly silent?: boolean;
}

/** One request as it came. */
export interface Heard {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly prompt: string;
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
}

const KNOWN = [
  'model',
  'temperature',
  'max_completion_tokens',
  'max_tokens',
  'logprobs',
  'top_logprobs',
  'messages',
  'chat_template_kwargs',
  'structured_outputs',
];

/**
 * A server of chat models that speaks as OpenAI's does and is strict about what it is sent: fields, the picture (a whole
 * JPEG by a strict decoder), limits. Its model says yes the more, the brighter the picture is.
 */
export class ChatServer extends InferenceServer {
  mode: ChatMode = 'well';
  readonly heard: Heard[] = [];
  /** Most requests that were open at the same time. */
  most = 0;
  /** Requests wait here while this is set. */
  gate: Promise<void> | undefined;
  #open = 0;
  readonly #options: ChatOptions;

  private constructor(options: ChatOptions) {
    super(options);
    this.#options = options;
  }

  static async start(options: ChatOptions = {}): Promise<ChatServer> {
    return await new ChatServer(options).listening();
  }

  /** Base URL, the prefix with it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.#options.prefix ?? '/v1'}`;
  }

  protected override refusal(message: string): object {
    return { error: { message, type: 'invalid_request_error' } };
  }

  protected override async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prefix = '/v1', models = ['vlm'], owner = 'somebody' } = this.#options;
    const path = `${request.method} ${request.url}`;
    if (![`GET ${prefix}/models`, `POST ${prefix}/chat/completions`].includes(path)) {
      send(response, 404, { detail: 'Not Found' });
      return;
    }
    if (!this.mayAsk(request)) {
      send(response, 401, { error: { message: 'Incorrect API key provided', type: 'auth' } });
      return;
    }
    if (request.method === 'GET') {
      const loaded = !this.isLoading();
      const list = { object: 'list', data: models.map((id) => ({ id, object: 'model', owned_by: owner })) };
      send(response, loaded ? 200 : 503, loaded ? list : { error: { message: 'Loading model', code: 503 } });
      return;
    }
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    try {
      await this.#complete(request, response);
    } finally {
      this.#open -= 1;
    }
  }

  async #complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    demand(request.headers['content-type'] === 'application/json', 'application/json');
    const fields: Record<string, unknown> = JSON.parse((await buffer(request)).toString());
    const { models = ['vlm'], refuses = [], mostTopLogprobs = 20, blind = false } = this.#options;
    for (const name of Object.keys(fields)) {
      if (refuses.includes(name)) throw new Refusal(`Unrecognized request argument supplied: ${name}`);
      demand(KNOWN.includes(name), `no field ${name}`);
    }
    demand(models.includes(String(fields.model)), 'a model that is here');
    demand(fields.temperature === 0, 'temperature 0');
    const limits = [fields.max_completion_tokens, fields.max_tokens].filter((limit) => limit !== undefined);
    demand(limits.length === 1 && Number.isInteger(limits[0]) && Number(limits[0]) >= 1, 'one limit');
    if (Number(fields.top_logprobs ?? 0) > mostTopLogprobs) {
      throw new Refusal(`top_logprobs must be at most ${mostTopLogprobs}`);
    }
    demand((fields.top_logprobs !== undefined) === (fields.logprobs === true), 'logprobs with top_logprobs');
    if (blind) throw new Refusal('image input is not supported by this model');
    const { prompt, jpeg } = pictureAndPrompt(fields.messages);
    const { data, info } = await sharp(jpeg, { failOn: 'warning' })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    this.heard.push({ fields, prompt, jpeg, width: info.width, height: info.height });
    await this.gate;
    const brightness = data.reduce((sum, v) => sum + v, 0) / data.length / 255;
    this.#reply(response, fields, brightness, info.width * info.height);
  }

  #reply(response: ServerResponse, fields: Record<string, unknown>, p: number, pixels: number): void {
    if (this.fails(this.mode, response)) return;
    const json = { 'content-type': 'application/json' };
    switch (this.mode) {
      case 'endless': {
        response.writeHead(200, json);
        const blanks = Buffer.alloc(1 << 20, ' ');
        const more = (): void => {
          while (!response.destroyed && response.write(blanks));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'garbage':
        response.writeHead(200, json).end('<html>Bad gateway</html>');
        return;
      case 'truncated':
        response.writeHead(200, { ...json, 'content-length': '500' }).write('{"id":"chatcmpl-1","choi');
        setImmediate(() => response.destroy());
        return;
      case 'busy':
        send(response, 429, { error: { message: 'Rate limit reached', type: 'rate_limit' } }, 30);
        return;
      case 'busy-once':
        if (this.isBusyOnce()) {
          send(response, 503, { error: { message: 'overloaded' } }, 0);
          return;
        }
        break;
      case 'error':
        send(response, 500, { error: { message: 'EngineCore encountered an issue\nand a long trace' } });
        return;
      case 'error-in-200':
        send(response, 200, { error: { message: 'upstream failed', code: 502 } });
        return;
      case 'no-choices':
        send(response, 200, { id: 'x', object: 'chat.completion', choices: [] });
        return;
      default:
        break;
    }
    send(response, 200, this.#completion(fields, p, pixels));
  }

  #completion(fields: Record<string, unknown>, p: number, pixels: number): object {
    const words: Partial<Record<ChatMode, string>> = {
      text: p > 0.5 ? 'Yes, there are cones.' : 'No roadwork here.',
      'no-word': 'Maybe',
      thinks: '',
    };
    const says = words[this.mode] ?? (p > 0.5 ? 'Yes' : 'No');
    const lists = fields.logprobs === true && ['well', 'busy-once'].includes(this.mode);
    // Each word in two spellings, as vocabularies have them, and something else.
    const top = [
      ...spellings(' yes', 'Yes', p * 0.9),
      ...spellings('NO', ' no', (1 - p) * 0.9),
      { token: 'The', logprob: Math.log(0.1), bytes: [84, 104, 101] },
    ].sort((a, b) => (b.logprob ?? -Infinity) - (a.logprob ?? -Infinity));
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: fields.model,
      choices: [
        {
          index: 0,
          finish_reason: 'length',
          message: {
            role: 'assistant',
            content: this.mode === 'thinks' ? null : says,
            ...(this.mode === 'thinks' && { reasoning: 'Okay, the user wants' }),
          },
          logprobs: lists ? { content: [{ ...top[0], top_logprobs: top }] } : null,
        },
      ],
      ...(this.#options.silent !== true && {
        usage: { prompt_tokens: 40 + Math.ceil(pixels / 784), completion_tokens: 1, total_tokens: 0 },
      }),
    };
  }
}

function spellings(
  a: string,
  b: string,
  p: number,
): { token: string; logprob: number | null; bytes: number[] }[] {
  const one = (token: string, share: number) => ({
    token,
    logprob: share > 0 ? Math.log(share) : null,
    bytes: [...Buffer.from(token)],
  });
  return [one(a, p / 4), one(b, (p * 3) / 4)];
}

function pictureAndPrompt(messages: unknown): { prompt: string; jpeg: Buffer } {
  demand(Array.isArray(messages) && messages.length === 1, 'one message');
  const { role, content } = messages[0];
  demand(role === 'user' && Array.isArray(content) && content.length === 2, 'a picture and a text');
  const [picture, text] = content;
  demand(picture.type === 'image_url' && text.type === 'text', 'the picture first');
  const url = String(picture.image_url?.url);
  demand(url.startsWith('data:image/jpeg;base64,'), 'a JPEG as data URI');
  const base64 = url.slice(url.indexOf(',') + 1);
  const jpeg = Buffer.from(base64, 'base64');
  demand(jpeg.toString('base64') === base64, 'plain base64');
  return { prompt: String(text.text), jpeg };
}
