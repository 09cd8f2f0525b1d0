import type { IncomingMessage } from 'node:http';
import { discard } from './discard.ts';
import { Refusal } from './head.ts';

/** Memory for bodies that are being received: what is reserved must be given back. */
export class ByteBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(bytes: number): boolean {
    if (this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  get used(): number {
    return this.#used;
  }
}

export interface BodyOptions {
  readonly limit: number;
  readonly budget: ByteBudget;
}

export const TOO_LARGE = (limit: number) =>
  new Refusal(413, 'too-large', `The body is larger than ${limit} bytes.`);
const NO_MEMORY = new Refusal(503, 'busy', 'Too many bodies are being received; try again.');

/** The announced length; undefined with chunked encoding or none. node:http has checked that it is a number. */
export function announcedLength(request: IncomingMessage): number | undefined {
  const text = request.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/**
 * Receives the body, counting what really arrives.
 * The memory stays reserved until the returned body's `release` is called.
 * @returns `gone` when the connection ended first
 */
export function readBody(
  request: IncomingMessage,
  { limit, budget }: BodyOptions,
): Promise<{ readonly bytes: Buffer; readonly release: () => void } | Refusal | 'gone'> {
  const chunks: Buffer[] = [];
  let length = 0;
  let reserved = announcedLength(request) ?? 0;
  if (request.destroyed) return Promise.resolve('gone');
  if (reserved > limit) return Promise.resolve(TOO_LARGE(limit));
  if (!budget.take(reserved)) return Promise.resolve(NO_MEMORY);

  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof readBody>>>();
  const release = () => {
    budget.give(reserved);
    reserved = 0;
  };
  const stop = (result: Refusal | 'gone') => {
    request.off('data', onData);
    request.off('end', onEnd);
    request.off('close', onClose);
    chunks.length = 0;
    release();
    resolve(result);
  };
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    if (length > limit) return stop(TOO_LARGE(limit));
    if (length > reserved) {
      if (!budget.take(length - reserved)) return stop(NO_MEMORY);
      reserved = length;
    }
    chunks.push(chunk);
  };
  const onEnd = () => {
    request.off('close', onClose);
    const only = chunks[0];
    if (chunks.length === 1 && only !== undefined) return resolve({ bytes: only, release });
    const bytes = Buffer.concat(chunks, length);
    for (const chunk of chunks) discard(chunk);
    resolve({ bytes, release });
  };
  const onClose = () => stop('gone');
  request.on('data', onData);
  request.on('end', onEnd);
  request.on('close', onClose);
  request.on('error', () => {});
  return promise;
}
