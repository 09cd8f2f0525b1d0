import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcedLength } from './body.ts';
import type { Reply } from './reply.ts';

/** An unread body of this size is read and dropped, so that the connection can be kept; beyond it the connection ends. */
const DROPPABLE_BYTES = 64 * 1024;
/** How much and how long is read after an answer that ends the connection, so that the answer itself still arrives. */
const LINGER_BYTES = 256 * 1024;
const LINGER_MS = 1_000;

/** Sends a complete reply. Whatever of the request's body was not read is dropped, within bounds. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  options: { readonly close: boolean },
): void {
  const unread = !request.readableEnded && !request.complete;
  const length = announcedLength(request);
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const tooMuch = unread && (chunked || (length ?? 0) > DROPPABLE_BYTES);
  const headers = [...reply.headers, 'content-length', String(Buffer.byteLength(reply.body))];
  if (options.close || tooMuch) headers.push('connection', 'close');
  response.writeHead(reply.status, headers);
  if (!tooMuch) {
    response.end(reply.body);
    return;
  }
  // Closing with unread bytes would reset the connection and may take the answer with it.
  response.write(reply.body);
  let dropped = 0;
  const finish = () => {
    clearTimeout(timer);
    request.off('data', onData);
    if (!response.writableEnded) response.end();
  };
  const onData = (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) finish();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.on('data', onData);
  request.once('end', finish);
  request.once('close', finish);
}
