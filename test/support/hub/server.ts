import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from './faults.ts';
import { hubRoute } from './hub-routes.ts';
import type { HubUser } from './people.ts';
import { Storage } from './storage.ts';
import { storageRoute } from './storage-routes.ts';
import type { Reply, Seen, World } from './world.ts';

export interface HubDoubleOptions {
  readonly users?: readonly HubUser[];
  /** How contents are taken; multipart from this size of a part on (default: basic). */
  readonly chunkBytes?: number;
  /** Files on a page of a listing. */
  readonly pageSize?: number;
}

/**
 * A Hub on this machine: its routes for models, those for reading datasets, and nothing else, its storage on another port, as strict as the real one
 * about tokens, hashes, sizes and forms. Whatever it sees that a client must not do is a violation.
 */
export interface HubDouble extends World {
  readonly seen: readonly Seen[];
  /** What clients did that they must not do; empty in every test. */
  readonly violations: readonly string[];
  forget(): void;
  close(): Promise<void>;
}

export const TOKEN = 'hf_testtokenofalice00000000000000000';

const ALICE: HubUser = {
  name: 'alice',
  orgs: [
    { name: 'miners', roleInOrg: 'write' },
    { name: 'readers', roleInOrg: 'read' },
  ],
  tokens: { [TOKEN]: { role: 'write' } },
};

export async function startHubDouble(options: HubDoubleOptions = {}): Promise<HubDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'sv72-hub-'));
  const storage = new Storage(folder);
  await storage.prepare();
  const seen: Seen[] = [];
  const violations: string[] = [];
  const world: World = {
    users: options.users ?? [ALICE],
    repos: new Map(),
    storage,
    faults: new Faults(),
    chunkBytes: options.chunkBytes,
    pageSize: options.pageSize ?? 1000,
    url: '',
    storageUrl: '',
  };
  const find = { hub: hubRoute, storage: storageRoute };

  const serve = (side: keyof typeof find) =>
    createServer((request, response) => {
      void answer(side, request, response).catch((error: unknown) => {
        violations.push(`${request.method} ${request.url}: ${String(error)}`);
        response.destroy();
      });
    });

  async function answer(side: keyof typeof find, request: IncomingMessage, response: ServerResponse) {
    request.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (side === 'storage' && request.headers.authorization !== undefined)
      violations.push(`a token was sent to the storage: ${url.pathname}`);
    const route = find[side](request, url, world);
    if (typeof route === 'string') {
      violations.push(`${request.method} ${url.pathname}: ${route}`);
      request.resume();
      await send(response, { status: 400, body: { error: route } });
      return;
    }
    const { authorization, range } = request.headers;
    const authorized = authorization !== undefined;
    seen.push({ step: route.step, method: request.method ?? '', path: url.pathname, authorized, range });
    const fault = world.faults.take(route.step);
    if (fault && 'first' in fault) await fault.first();
    if (fault && 'reset' in fault && fault.reset === 'before') return void request.socket.destroy();
    if (fault && 'reset' in fault && typeof fault.reset === 'number' && route.step !== 'download')
      return await breakAfter(request, fault.reset);
    if (fault && 'status' in fault) {
      request.resume();
      await send(response, {
        status: fault.status,
        body: fault.json ?? {},
        ...(fault.headers && { headers: fault.headers }),
      });
      return;
    }
    const body = route.raw ? Buffer.alloc(0) : await readBody(request);
    if (body === undefined) return;
    const reply = await route.handle(body, fault);
    if (fault && 'last' in fault) await fault.last();
    if (fault && 'reset' in fault && fault.reset === 'after') return void request.socket.destroy();
    await send(response, reply);
  }

  const servers = { hub: serve('hub'), storage: serve('storage') };
  world.url = await listen(servers.hub);
  world.storageUrl = await listen(servers.storage);
  return Object.assign(world, {
    seen,
    violations,
    forget: () => void seen.splice(0),
    close: async () => {
      for (const server of Object.values(servers)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await rm(folder, { recursive: true, force: true });
    },
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function breakAfter(request: IncomingMessage, bytes: number): Promise<void> {
  const { socket } = request;
  let read = 0;
  try {
    for await (const chunk of request) {
      read += chunk.length;
      if (read >= bytes) break;
    }
  } catch {
    // Broken already.
  }
  socket.destroy();
}

/** @returns undefined when the client went away */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  const { status, headers = {}, body, stream } = reply;
  response.on('error', () => undefined);
  if (stream) {
    response.writeHead(status, headers);
    await stream(response);
    return;
  }
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body);
  const content = body === undefined ? '' : isJson ? JSON.stringify(body) : body;
  response.writeHead(status, {
    ...(isJson && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  response.end(content);
}
