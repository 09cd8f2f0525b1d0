import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { Sv72Error } from '../errors/index.ts';
import { type ControlReply, type ControlRequest, requestFrom } from './protocol.ts';

/** Carries out an order; what it returns is the answer, what it throws the refusal. */
export type ControlHandler = (
  request: ControlRequest,
  progress: (message: string) => void,
) => Promise<Readonly<Record<string, unknown>>>;

export interface ControlServer {
  readonly path: string;
  close(): Promise<void>;
}

/** A dozen pictures as cameras take them. */
const REQUEST_LIMIT = 64 * 1024 * 1024;
/** Time to send an order. */
const REQUEST_MS = 10_000;

/**
 * Takes orders on a local socket: one line of JSON each, answered by lines of progress and a last one.
 *
 * @throws Sv72Error ERR_CONTROL
 */
export async function serveControl(path: string, handle: ControlHandler): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void converse(socket, handle);
  });
  server.maxConnections = 8;
  server.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    if (process.platform !== 'win32') await chmod(path, 0o600);
  } catch (cause) {
    server.close();
    throw new Sv72Error('ERR_CONTROL', `No orders can be taken on ${path}: ${String(cause)}.`, { cause });
  }
  server.on('error', () => undefined);
  return {
    path,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      if (process.platform !== 'win32') await rm(path, { force: true });
    },
  };
}

async function converse(socket: Socket, handle: ControlHandler): Promise<void> {
  const reply = (line: ControlReply): void => {
    if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
  };
  try {
    const request = requestFrom(await readLine(socket));
    const result = await handle(request, (message) => reply({ event: 'progress', message }));
    reply({ event: 'result', result });
  } catch (error) {
    reply(refusal(error));
  }
  socket.end();
}

function refusal(error: unknown): ControlReply {
  if (error instanceof Sv72Error) {
    const { code, message, next } = error;
    return { event: 'refused', code, message, next: next ?? null };
  }
  return { event: 'refused', code: 'ERR_BUG', message: String(error), next: null };
}

function readLine(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const refuse = (why: string) => reject(new Sv72Error('ERR_CONTROL_REQUEST', why));
  const timer = setTimeout(() => refuse('The order did not arrive in time.'), REQUEST_MS);
  const chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > REQUEST_LIMIT) refuse('The order is too long.');
    else if (chunk.includes(0x0a)) resolve(Buffer.concat(chunks).toString('utf8').split('\n', 1)[0] ?? '');
  });
  socket.on('close', () => refuse('The connection was closed.'));
  return promise.finally(() => clearTimeout(timer));
}
