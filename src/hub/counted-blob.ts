/**
 * A blob that tells how much of it was read, so that sending it can be followed and a stand-still noticed. `fetch`
 * takes a blob's size and stream alone, so overriding these is enough, and its Content-Length stays right.
 */
export class CountedBlob extends Blob {
  override readonly size: number;
  readonly #inner: Blob;
  readonly #onRead: (bytes: number) => void;

  /** @param onRead told the bytes read of this stream so far; a new stream begins at 0 */
  constructor(inner: Blob, onRead: (bytes: number) => void) {
    super([]);
    this.size = inner.size;
    this.#inner = inner;
    this.#onRead = onRead;
  }

  override stream(): ReturnType<Blob['stream']> {
    let read = 0;
    this.#onRead(0);
    const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        read += chunk.length;
        this.#onRead(read);
        controller.enqueue(chunk);
      },
    });
    return this.#inner.stream().pipeThrough(count);
  }
}
