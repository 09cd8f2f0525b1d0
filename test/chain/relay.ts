import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';

export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands between sv72 and an endpoint.
 * @param answer another result for a request, undefined to let the endpoint's own through
 */
export async function relay(
  endpoint: string,
  answer: (method: string, params: readonly unknown[]) => unknown,
): Promise<Relay> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (near) => {
    const far = new WebSocket(endpoint);
    const standing = new Promise((resolve) => far.once('open', resolve));
    far.on('message', (data) => near.send(String(data)));
    near.on('message', async (data) => {
      const { id, method, params } = JSON.parse(String(data));
      const result = answer(method, params);
      await standing;
      if (result === undefined) far.send(String(data));
      else near.send(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
    near.on('close', () => far.terminate());
    far.on('close', () => near.terminate());
    far.on('error', () => near.terminate());
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
