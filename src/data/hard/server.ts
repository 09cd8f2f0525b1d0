import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Sv72Error } from '../../errors/index.ts';
import { pictureFormat } from '../picture-format.ts';
import { reviewPage } from './page.ts';
import type { Candidate, Review, Verdict } from './review.ts';

const MAX_BODY = 4_096;

const answerSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  verdict: z.enum(['yes', 'no', 'skip']),
});
const undoSchema = answerSchema.pick({ sha256: true });

export interface ReviewServerOptions {
  readonly candidates: readonly Candidate[];
  readonly review: Pick<Review, 'answer' | 'undo'>;
  /** Bytes of a candidate's picture. */
  readonly picture: (sha256: string) => Promise<Uint8Array>;
  /** 0: any free one. */
  readonly port?: number;
  readonly onAnswer?: (verdict: Verdict, answered: number) => void;
}

export interface ReviewServer {
  /** Where the page is; who does not know it gets nothing. */
  readonly url: string;
  /** Resolves when the person is done; rejects when an answer could not be kept. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the review page on this machine alone. The address holds a random token, and requests that come by another
 * name than this machine's, or from another page, are refused, so no site in the same browser can answer or look.
 */
export async function startReviewServer(options: ReviewServerOptions): Promise<ReviewServer> {
  const { candidates, review, onAnswer } = options;
  const token = randomBytes(24).toString('base64url');
  const byHash = new Map(candidates.map((candidate) => [candidate.sha256, candidate]));
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => undefined);
  let answered = 0;
  let origin = '';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0] ?? '';
    const [, given = '', ...rest] = path.split('/');
    if (!isThisMachine(request.headers.host, origin) || !isEqual(given, token)) return refuse(response, 404);
    const name = rest.join('/');
    if (request.method === 'GET') return await get(name, response);
    if (request.method !== 'POST') return refuse(response, 405);
    const from = request.headers.origin;
    if (from !== undefined && !isThisMachine(from.replace('http://', ''), origin))
      return refuse(response, 403);
    if (request.headers['content-type'] !== 'application/json') return refuse(response, 415);
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 400);
    return await post(name, body, response);
  }

  async function get(name: string, response: ServerResponse): Promise<void> {
    if (name === '') {
      const nonce = randomBytes(16).toString('base64');
      return send(response, 200, 'text/html; charset=utf-8', reviewPage(nonce));
    }
    if (name === 'items') return json(response, 200, candidates);
    const sha256 = /^picture\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (sha256 === undefined || !byHash.has(sha256)) return refuse(response, 404);
    const bytes = await options.picture(sha256).catch(() => undefined);
    const type = bytes && typeOf(bytes);
    if (bytes === undefined || type === undefined) return refuse(response, 404);
    send(response, 200, type, bytes);
  }

  async function post(name: string, body: unknown, response: ServerResponse): Promise<void> {
    if (name === 'done') {
      response.on('finish', resolve);
      return json(response, 200, {});
    }
    try {
      if (name === 'undo') {
        const candidate = byHash.get(undoSchema.safeParse(body).data?.sha256 ?? '');
        if (candidate === undefined) return refuse(response, 400);
        await review.undo(candidate);
        onAnswer?.('skip', --answered);
        return json(response, 200, {});
      }
      const parsed = answerSchema.safeParse(body);
      const candidate = byHash.get(parsed.data?.sha256 ?? '');
      if (name !== 'answer' || !parsed.success || candidate === undefined) return refuse(response, 400);
      await review.answer(candidate, parsed.data.verdict, await options.picture(candidate.sha256));
      onAnswer?.(parsed.data.verdict, ++answered);
      return json(response, 200, {});
    } catch (error) {
      const message = error instanceof Sv72Error ? error.message : 'The answer could not be kept.';
      if (error instanceof Sv72Error && error.code === 'ERR_DISK_FULL')
        response.on('finish', () => reject(error));
      return json(response, 500, { message });
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 30_000;
  await new Promise<void>((listening, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      failed(
        new Sv72Error(
          'ERR_PORT_IN_USE',
          `Port ${options.port} cannot be used for the review page (${cause.code}).`,
          {
            cause,
          },
        ),
      );
    });
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${origin}/${token}/`,
    done,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function isThisMachine(host: string | undefined, origin: string): boolean {
  return host === origin || host === origin.replace('127.0.0.1', 'localhost');
}

function isEqual(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Anything but a picture is not shown. */
function typeOf(bytes: Uint8Array): string | undefined {
  const format = pictureFormat(bytes);
  return format && `image/${format}`;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number): void {
  send(response, status, 'application/json', '{}');
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response
    .writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    })
    .end(body);
}
