import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat, truncate, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';

interface Upload {
  readonly sha256: string;
  readonly bytes: number;
  readonly chunk: number;
  readonly etags: Map<number, string>;
}

const SEPARATOR = '~';

/**
 * The storage behind the Hub: contents by their SHA-256, reached by signed addresses that run out. Zeros are not
 * written, so that gigabytes of them take no disk.
 */
export class Storage {
  readonly #folder: string;
  readonly #secret = randomBytes(16);
  readonly #uploads = new Map<string, Upload>();
  readonly #objects = new Map<string, number>();
  /** Bytes that were received in bodies. */
  received = 0;
  lifeMs = 60_000;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async prepare(): Promise<void> {
    await mkdir(join(this.#folder, 'objects'), { recursive: true });
    await mkdir(join(this.#folder, 'uploads'), { recursive: true });
  }

  has(sha256: string, bytes: number): boolean {
    return this.#objects.get(sha256) === bytes;
  }

  get objects(): readonly string[] {
    return [...this.#objects.keys()];
  }

  pathOf(sha256: string): string {
    return join(this.#folder, 'objects', sha256);
  }

  /** A path with its signature, `expired` from the beginning if so. */
  sign(path: string, expired = false): string {
    const until = Date.now() + (expired ? -1 : this.lifeMs);
    return `${path}?X-Expires=${until}&X-Signature=${this.#signature(path, until)}`;
  }

  /** Why an address is not let in. */
  refuses(url: URL): string | undefined {
    const until = Number(url.searchParams.get('X-Expires'));
    const signature = url.searchParams.get('X-Signature');
    if (signature !== this.#signature(url.pathname, until)) return 'SignatureDoesNotMatch';
    return until < Date.now() ? 'Request has expired' : undefined;
  }

  #signature(path: string, until: number): string {
    return createHmac('sha256', this.#secret).update(`${path}${SEPARATOR}${until}`).digest('hex');
  }

  /** Takes a content that nobody sent. @returns its SHA-256 */
  async hold(content: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    await writeFile(this.pathOf(sha256), content);
    this.#objects.set(sha256, content.length);
    return sha256;
  }

  /** Begins an upload in parts. */
  begin(sha256: string, bytes: number, chunk: number): string {
    const id = randomBytes(8).toString('hex');
    this.#uploads.set(id, { sha256, bytes, chunk, etags: new Map() });
    return id;
  }

  partsOf(id: string): number {
    const upload = this.#uploads.get(id);
    return upload ? Math.ceil(upload.bytes / upload.chunk) : 0;
  }

  /** A whole content. @returns what is wrong with it */
  async put(
    sha256: string,
    bytes: number,
    body: IncomingMessage,
    corrupt: boolean,
  ): Promise<string | undefined> {
    const path = join(this.#folder, 'uploads', randomBytes(8).toString('hex'));
    const { size, digest } = await this.#write(path, 0, body);
    if (size !== bytes) return 'EntityTooSmall or EntityTooLarge';
    if (digest !== sha256) return 'XAmzContentSHA256Mismatch';
    await this.#keep(path, sha256, bytes, corrupt);
    return undefined;
  }

  /** A part, numbered from 1. @returns its ETag, or what is wrong */
  async putPart(id: string, part: number, body: IncomingMessage): Promise<{ etag: string } | string> {
    const upload = this.#uploads.get(id);
    if (!upload || part < 1 || part > this.partsOf(id)) return 'NoSuchUpload';
    const from = (part - 1) * upload.chunk;
    const { size } = await this.#write(join(this.#folder, 'uploads', id), from, body);
    if (size !== Math.min(upload.chunk, upload.bytes - from)) return 'EntityTooSmall';
    const etag = `"${randomBytes(16).toString('hex')}"`;
    upload.etags.set(part, etag);
    return { etag };
  }

  /** @returns what is wrong */
  async complete(id: string, order: unknown, corrupt: boolean): Promise<string | undefined> {
    const upload = this.#uploads.get(id);
    if (!upload) return 'NoSuchUpload';
    const expected = Array.from({ length: this.partsOf(id) }, (_, i) => ({
      partNumber: i + 1,
      etag: upload.etags.get(i + 1),
    }));
    const wanted = JSON.stringify({ oid: upload.sha256, parts: expected });
    if (JSON.stringify(order) !== wanted) return 'InvalidPart';
    const path = join(this.#folder, 'uploads', id);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
    if (hash.digest('hex') !== upload.sha256) return 'the SHA-256 is another one';
    await this.#keep(path, upload.sha256, upload.bytes, corrupt);
    this.#uploads.delete(id);
    return undefined;
  }

  async #write(path: string, from: number, body: IncomingMessage): Promise<{ size: number; digest: string }> {
    const file = await open(path, 'a+').then(async (made) => {
      await made.close();
      return await open(path, 'r+');
    });
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of body) {
        hash.update(chunk);
        if (!isZero(chunk)) await file.write(chunk, 0, chunk.length, from + size);
        size += chunk.length;
        this.received += chunk.length;
      }
      if ((await file.stat()).size < from + size) await truncate(path, from + size);
    } finally {
      await file.close();
    }
    return { size, digest: hash.digest('hex') };
  }

  async #keep(path: string, sha256: string, bytes: number, corrupt: boolean): Promise<void> {
    await rename(path, this.pathOf(sha256));
    if (corrupt) {
      const file = await open(this.pathOf(sha256), 'r+');
      const one = Buffer.alloc(1);
      await file.read(one, 0, 1, bytes - 1);
      await file.write(Buffer.from([(one[0] ?? 0) ^ 1]), 0, 1, bytes - 1);
      await file.close();
    }
    if ((await stat(this.pathOf(sha256))).size !== bytes) throw new Error('the object has another size');
    this.#objects.set(sha256, bytes);
  }
}

const ZEROS = Buffer.alloc(1 << 20);

function isZero(chunk: Buffer): boolean {
  return chunk.length <= ZEROS.length && chunk.equals(ZEROS.subarray(0, chunk.length));
}
