import { type FileHandle, open } from 'node:fs/promises';
import { Sv72Error } from '../errors/index.ts';

/** Bytes that are read at a time. */
const PIECE = 256 * 1024;

/** What a file was when it was first looked at: another size or time later is another content. */
interface Seen {
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * A file, or a part of one, that is read piece by piece and only as fast as it is taken: Node's own file blobs read
 * ahead by tens of megabytes. Only what `fetch` and this folder use of a blob works.
 */
export class FileBlob extends Blob {
  override readonly size: number;
  readonly #path: string;
  readonly #start: number;
  readonly #seen: Seen;

  private constructor(path: string, start: number, size: number, seen: Seen) {
    super([]);
    this.size = size;
    this.#path = path;
    this.#start = start;
    this.#seen = seen;
  }

  /** @throws Sv72Error ERR_FILE_READ */
  static async of(path: string): Promise<FileBlob> {
    const file = await opened(path);
    try {
      const { size, mtimeMs } = await file.stat();
      return new FileBlob(path, 0, size, { size, mtimeMs });
    } finally {
      await file.close();
    }
  }

  /** @param start counted from the beginning, never negative @param end exclusive */
  override slice(start = 0, end = this.size): FileBlob {
    const from = Math.min(start, this.size);
    const size = Math.max(0, Math.min(end, this.size) - from);
    return new FileBlob(this.#path, this.#start + from, size, this.#seen);
  }

  override stream(): ReturnType<Blob['stream']> {
    let file: FileHandle | undefined;
    let at = this.#start;
    const end = this.#start + this.size;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          try {
            file ??= await this.#open();
            const piece = new Uint8Array(Math.min(PIECE, end - at));
            const { bytesRead } =
              piece.length === 0 ? { bytesRead: 0 } : await file.read(piece, 0, piece.length, at);
            if (bytesRead === 0 && at < end) throw this.#changed();
            at += bytesRead;
            if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
            if (at < end) return;
            controller.close();
          } catch (error) {
            controller.error(error);
          }
          await file?.close();
        },
        cancel: async () => await file?.close(),
      },
      { highWaterMark: 0 },
    );
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return await new Response(this.stream()).arrayBuffer();
  }

  override async text(): Promise<string> {
    return await new Response(this.stream()).text();
  }

  async #open(): Promise<FileHandle> {
    const file = await opened(this.#path);
    const { size, mtimeMs } = await file.stat();
    if (size === this.#seen.size && mtimeMs === this.#seen.mtimeMs) return file;
    await file.close();
    throw this.#changed();
  }

  #changed(): Sv72Error {
    return new Sv72Error('ERR_BUNDLE_DAMAGED', `${this.#path} changed while it was being published.`);
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_READ', `${path} cannot be read.`, { cause });
  }
}
