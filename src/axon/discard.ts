/**
 * Gives the memory of bytes that nobody needs any more back at once. V8 counts tens of megabytes of such buffers
 * before it looks for garbage, and a long-lived process keeps what that adds up to.
 * Bytes that are only a part of their buffer are left alone: somebody else may use the rest.
 */
export function discard(bytes: ArrayBufferView): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer(0);
}
