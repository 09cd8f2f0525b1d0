import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcedLength } from './body.ts';
import type { Reply } from './reply.ts';

/** An unread body of this size is read and dropped, so that the connection can be kept; beyond it the connection ends. */
const DROPPABLE_BYTES = 64 * 1024;
/** How much is read, and how long the connection is kept, after an answer that ends it, so that the answer still arrives. */
const LINGER_BYTES = 32 * 1024;
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
  response.write(reply.body);
  const { socket } = request;
  socket.end();
  // Closing with unread bytes would reset the connection and may take the answer with it; reading on would be work. So
  // the sender waits, and whoever has understood the answer hangs up.
  let dropped = 0;
  const onData = (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped <= LINGER_BYTES) return;
    request._read = () => {};
    request.pause();
    socket.pause();
  };
  const finish = () => {
    clearTimeout(timer);
    socket.destroy();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.on('data', onData);
  request.once('end', finish);
  request.once('close', finish);
}
