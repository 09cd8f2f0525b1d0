import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Fault } from './faults.ts';
import type { Reply, Route, World } from './world.ts';

/** The route of a request to the storage, or what is wrong with the request. */
export function storageRoute(request: IncomingMessage, url: URL, { storage }: World): Route | string {
  const [, kind = '', id = '', part = ''] = url.pathname.split('/');
  const refused = storage.refuses(url);
  const late = (fault: Fault | undefined) =>
    refused ?? (fault && 'expired' in fault ? 'Request has expired' : undefined);
  const type = request.headers['content-type'];

  if (request.method === 'PUT' && (kind === 'objects' || kind === 'parts')) {
    if (request.headers['content-length'] === undefined) return 'the storage needs a Content-Length';
    return {
      step: 'put',
      raw: true,
      handle: async (_, fault) => {
        const why = late(fault);
        if (why !== undefined) {
          request.resume();
          return denied(why);
        }
        try {
          if (kind === 'objects') {
            const size = Number(part);
            const wrong = await storage.put(id, size, request, isCorrupt(fault));
            return wrong === undefined ? { status: 200, headers: { etag: `"${id}"` } } : denied(wrong, 400);
          }
          const put = await storage.putPart(id, Number(part), request);
          return typeof put === 'string' ? denied(put, 400) : { status: 200, headers: { etag: put.etag } };
        } catch {
          return { status: 408 };
        }
      },
    };
  }
  if (request.method === 'POST' && kind === 'complete') {
    if (type !== 'application/vnd.git-lfs+json') return `a completion has another type than ${type}`;
    return {
      step: 'complete',
      handle: async (body, fault) => {
        const why = late(fault);
        if (why !== undefined) return denied(why);
        const wrong = await storage.complete(id, JSON.parse(body.toString()), isCorrupt(fault));
        return wrong === undefined ? { status: 200, body: {} } : denied(wrong, 400);
      },
    };
  }
  if (request.method === 'GET' && kind === 'download') {
    return {
      step: 'download',
      handle: (_, fault) => {
        const why = late(fault);
        if (why !== undefined) return denied(why);
        const cut = fault && 'reset' in fault && typeof fault.reset === 'number' ? fault.reset : undefined;
        const range = fault && 'whole' in fault ? undefined : request.headers.range;
        return partOf(range, storage.pathOf(id), Number(part), cut);
      },
    };
  }
  return 'the storage has no such route';
}

function isCorrupt(fault: Fault | undefined): boolean {
  return fault !== undefined && 'corrupt' in fault;
}

function denied(message: string, status = 403): Reply {
  const body = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** A file, or what the Range asks of it; `cut` breaks the connection after so many bytes. */
function partOf(range: string | undefined, path: string, bytes: number, cut: number | undefined): Reply {
  const { from, to, status } = rangeOf(range, bytes);
  return {
    status,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(to - from + 1),
      'accept-ranges': 'bytes',
      ...(status === 206 && { 'content-range': `bytes ${from}-${to}/${bytes}` }),
    },
    stream: async (response) => await stream(response, path, from, to, cut),
  };
}

async function stream(
  response: ServerResponse,
  path: string,
  from: number,
  to: number,
  cut: number | undefined,
) {
  if (from > to) return void response.end();
  const file = createReadStream(path, {
    start: from,
    end: cut === undefined ? to : Math.min(to, from + cut - 1),
  });
  if (cut === undefined || from + cut > to) return await pipeline(file, response).catch(() => undefined);
  for await (const chunk of file) await new Promise((resolve) => response.write(chunk, resolve));
  response.destroy();
}

export function rangeOf(
  header: string | undefined,
  bytes: number,
): { from: number; to: number; status: number } {
  const range = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (!range) return { from: 0, to: bytes - 1, status: 200 };
  const to = range[2] ? Math.min(bytes - 1, Number(range[2])) : bytes - 1;
  return { from: Number(range[1]), to, status: 206 };
}
