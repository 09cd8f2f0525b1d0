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
    const reader = this.#inner.stream().getReader();
    let read = 0;
    this.#onRead(0);
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          read += value.length;
          this.#onRead(read);
          controller.enqueue(value);
        },
        cancel: async (reason) => await reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }
}
