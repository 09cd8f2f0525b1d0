import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sv72Error } from '../errors/index.ts';
import type { Metrics } from './metrics.ts';

/** Whether the miner can answer now, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** What does not keep it from answering, but from being asked, or soon from answering. */
  readonly warnings?: readonly string[];
}

export interface MonitorServerOptions {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  readonly readiness: () => Readiness;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface MonitorServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (it would answer a validator).
 *
 * @throws ERR_METRICS_PORT when the address cannot be listened on.
 */
export async function startMonitorServer(options: MonitorServerOptions): Promise<MonitorServer> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    handle(request, response, options).catch(() => response.destroy());
  });
  server.maxConnections = 64;
  await listen(server, options);
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, readiness }: MonitorServerOptions,
): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    reply(response, 405, 'text/plain', 'Only GET.\n');
  } else if (path === '/metrics') {
    reply(response, 200, metrics.contentType, await metrics.text());
  } else if (path === '/healthz') {
    reply(response, 200, 'application/json', '{"status":"ok"}\n');
  } else if (path === '/readyz') {
    const state = readiness();
    reply(response, state.ready ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`);
  } else {
    reply(response, 404, 'text/plain', 'Try /metrics, /healthz or /readyz.\n');
  }
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

function listen(server: Server, { host, port }: MonitorServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${cause.code})`;
      reject(
        new Sv72Error('ERR_METRICS_PORT', `The metrics address ${host}:${port} ${why}.`, {
          details: { host, port },
          cause,
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
}
