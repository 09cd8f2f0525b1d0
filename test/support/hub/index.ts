import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A dataset repository of the double. */
export interface HubRepository {
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** As the card's front matter says. */
  readonly card?: Readonly<Record<string, unknown>>;
  /** Who may see it: everybody, or bearers of the token. */
  readonly visibility?: 'public' | 'private' | 'gated';
  /** The automatic parquet form, on its own revision. */
  readonly converted?: Readonly<Record<string, Uint8Array>>;
}

/** What goes wrong with the next request of a kind, once. */
type Fault =
  | { readonly at: Route; readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly at: Route; readonly kind: 'reset' | 'stall'; readonly afterBytes: number }
  | { readonly at: 'storage'; readonly kind: 'ignore-range' | 'wrong-bytes' };

type Route = 'info' | 'tree' | 'resolve' | 'storage';

interface HubRequest {
  readonly route: Route;
  readonly path: string;
  readonly authorized: boolean;
  readonly range: string | undefined;
}

/**
 * What stands in for the Hugging Face Hub: the routes that reading a dataset needs, and a storage host of its own
 * behind the redirects. It is strict: a token at the storage host, an unknown route or a revision that moved is a
 * violation, and tests assert that there were none.
 */
export interface HubDouble {
  readonly endpoint: string;
  readonly requests: readonly HubRequest[];
  readonly violations: readonly string[];
  /** Takes effect on the next request of its kind. */
  fail(fault: Fault): void;
  set(name: string, repository: HubRepository): void;
  close(): Promise<void>;
}

export const HUB_TOKEN = 'hf_testtoken';

const LARGE = 256;
const PAGE = 2;

export async function startHub(repositories: Readonly<Record<string, HubRepository>>): Promise<HubDouble> {
  const all = new Map(Object.entries(repositories));
  const requests: HubRequest[] = [];
  const violations: string[] = [];
  const faults: Fault[] = [];
  const stored = new Map<string, Uint8Array>();

  const hub = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      violations.push(String(error));
      response.destroy();
    });
  });
  const storage = createServer((request, response) => {
    const { pathname, searchParams } = urlOf(request);
    note('storage', request);
    if (request.headers.authorization !== undefined)
      violations.push(`a token reached storage at ${pathname}`);
    const bytes = stored.get(pathname.slice(1));
    if (bytes === undefined || searchParams.get('signature') !== 'ok') {
      violations.push(`storage was asked for ${request.url}`);
      response.writeHead(403).end();
      return;
    }
    send(request, response, bytes, 'storage');
  });
  const endpoint = await listen(hub);
  const storageUrl = await listen(storage);

  function note(route: Route, request: IncomingMessage): void {
    requests.push({
      route,
      path: urlOf(request).pathname,
      authorized: request.headers.authorization === `Bearer ${HUB_TOKEN}`,
      range: request.headers.range,
    });
  }

  function faultAt(route: Route, ...kinds: Fault['kind'][]): Fault | undefined {
    const index = faults.findIndex(({ at, kind }) => at === route && kinds.includes(kind));
    return index === -1 ? undefined : faults.splice(index, 1)[0];
  }

  /** Sends bytes, whole or the range asked for, unless something is to go wrong. */
  function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, route: Route): void {
    const status = faultAt(route, 'status');
    if (status?.kind === 'status') {
      response.writeHead(status.status, status.retryAfter ? { 'retry-after': status.retryAfter } : {}).end();
      return;
    }
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    if (request.headers.range !== undefined && range === null)
      violations.push(`range ${request.headers.range}`);
    const ignored = route === 'storage' && range !== null && faultAt('storage', 'ignore-range') !== undefined;
    const from = range === null || ignored ? 0 : Number(range[1]);
    if (from >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    let body = Buffer.from(bytes.subarray(from));
    if (route === 'storage' && faultAt('storage', 'wrong-bytes') !== undefined)
      body = Buffer.alloc(body.length, 7);
    const partial = range !== null && !ignored;
    response.writeHead(partial ? 206 : 200, {
      'content-length': body.length,
      ...(partial && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    const broken = faultAt(route, 'reset', 'stall');
    if (broken !== undefined && 'afterBytes' in broken) {
      response.write(body.subarray(0, broken.afterBytes), () => {
        if (broken.kind === 'reset') response.destroy();
      });
    } else response.end(body);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = urlOf(request);
    const path = decodeURIComponent(pathname);
    const info = /^\/api\/datasets\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(path);
    const tree = /^\/api\/datasets\/([^/]+\/[^/]+)\/tree\/([0-9a-f]{40})$/.exec(path);
    const resolve = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(path);
    const match = info ?? tree ?? resolve;
    if (match === null || request.method !== 'GET') {
      violations.push(`no route ${request.method} ${request.url}`);
      response.writeHead(404).end();
      return;
    }
    const route = info ? 'info' : tree ? 'tree' : 'resolve';
    note(route, request);
    const { authorization } = request.headers;
    const [, name = '', revision = '', file = ''] = match;
    const failed = faultAt(route, 'status');
    if (failed?.kind === 'status') {
      response.writeHead(failed.status, failed.retryAfter ? { 'retry-after': failed.retryAfter } : {}).end();
      return;
    }
    const found = all.get(name);
    const known = authorization === `Bearer ${HUB_TOKEN}`;
    const refuse = (status: number, code: string) =>
      response
        .writeHead(status, { 'x-error-code': code, 'content-type': 'application/json' })
        .end('{"error":""}');
    const hidden = found === undefined || (found.visibility === 'private' && !known);
    // The real one answers alike for what is missing and what is hidden.
    if (hidden)
      return void (authorization === undefined ? refuse(401, 'RepoNotFound') : refuse(404, 'RepoNotFound'));
    if (found.visibility === 'gated' && !known && !info) {
      return void refuse(authorization === undefined ? 401 : 403, 'GatedRepo');
    }
    const converted = revision === 'refs/convert/parquet' || revision === shaOf(`${name}:converted`, found);
    const files = converted ? found.converted : found.files;
    const sha = shaOf(converted ? `${name}:converted` : name, found);
    if (files === undefined || (revision !== sha && !['main', 'refs/convert/parquet'].includes(revision))) {
      return void refuse(404, 'RevisionNotFound');
    }
    if (info)
      return void json(response, {
        id: name,
        sha,
        gated: found.visibility === 'gated',
        cardData: found.card,
      });
    if (tree) {
      if (searchParams.get('recursive') !== 'true') violations.push('a tree that is not recursive');
      const from = Number(searchParams.get('cursor') ?? 0);
      const entries = Object.entries(files).map(([at, bytes]) => entryOf(at, bytes));
      const next = `${endpoint}/api/datasets/${name}/tree/${sha}?recursive=true&cursor=${from + PAGE}`;
      const more = from + PAGE < entries.length;
      return void json(
        response,
        entries.slice(from, from + PAGE),
        more ? { link: `<${next}>; rel="next"` } : {},
      );
    }
    const bytes = files[file];
    if (bytes === undefined) return void refuse(404, 'EntryNotFound');
    if (bytes.length < LARGE) return void send(request, response, bytes, 'resolve');
    const oid = createHash('sha256').update(bytes).digest('hex');
    stored.set(oid, bytes);
    response
      .writeHead(302, { location: `${storageUrl}/${oid}?signature=ok`, 'x-linked-etag': `"${oid}"` })
      .end('Found');
  }

  return {
    endpoint,
    requests,
    violations,
    fail: (fault) => void faults.push(fault),
    set: (name, repository) => void all.set(name, repository),
    async close() {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function entryOf(path: string, bytes: Uint8Array): object {
  const size = bytes.length;
  const git = createHash('sha1').update(`blob ${size}\0`).update(bytes).digest('hex');
  if (size < LARGE) return { type: 'file', path, size, oid: git };
  const oid = createHash('sha256').update(bytes).digest('hex');
  return {
    type: 'file',
    path,
    size,
    oid: '0'.repeat(40),
    lfs: { oid, size, pointerSize: 134 },
    xetHash: oid,
  };
}

function shaOf(name: string, { files }: HubRepository): string {
  const hash = createHash('sha1').update(name);
  for (const [path, bytes] of Object.entries(files)) hash.update(path).update(bytes);
  return hash.digest('hex');
}

function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
