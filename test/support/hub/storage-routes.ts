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
    if (!/^bytes=\d+-\d*$/.test(request.headers.range ?? 'bytes=0-'))
      return `a range of ${request.headers.range}`;
    return {
      step: 'download',
      handle: (_, fault) => {
        const why = late(fault);
        if (why !== undefined) return denied(why);
        const range = fault && 'whole' in fault ? undefined : request.headers.range;
        return partOf(range, storage.pathOf(id), Number(part), fault);
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

/** A file, or what the Range asks of it. */
function partOf(range: string | undefined, path: string, bytes: number, fault: Fault | undefined): Reply {
  const { from, to, status } = rangeOf(range, bytes);
  if (from >= bytes) return { status: 416, headers: { 'content-range': `bytes */${bytes}` } };
  return {
    status,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(to - from + 1),
      'accept-ranges': 'bytes',
      ...(status === 206 && { 'content-range': `bytes ${from}-${to}/${bytes}` }),
    },
    stream: async (response) => await stream(response, path, from, to, fault),
  };
}

async function stream(
  response: ServerResponse,
  path: string,
  from: number,
  to: number,
  fault: Fault | undefined,
) {
  const stalls = fault !== undefined && 'stall' in fault;
  const resets = fault !== undefined && 'reset' in fault && typeof fault.reset === 'number';
  const cut = stalls ? fault.stall : resets ? Number(fault.reset) : undefined;
  const file = createReadStream(path, {
    start: from,
    end: cut === undefined ? to : Math.min(to, from + cut - 1),
  });
  if (isCorrupt(fault)) file.on('data', (chunk) => void (Buffer.isBuffer(chunk) && chunk.fill(7, 0, 1)));
  if (cut === undefined || from + cut > to) return await pipeline(file, response).catch(() => undefined);
  for await (const chunk of file) await new Promise((resolve) => response.write(chunk, resolve));
  if (resets) response.destroy();
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
