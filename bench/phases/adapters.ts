import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../../src/bundle/index.ts';
import { type Classifier, createChatClassifier, createClassifier } from '../../src/inference/index.ts';
import { percentile } from '../measure/percentile.ts';
import { numberedJpeg } from '../requests/images.ts';

/** One engine that asks a server, beside a bare client that sends the same. */
export interface AdapterOverhead {
  readonly engine: string;
  /** Bytes of a request. */
  readonly bytes: number;
  readonly bareP50Ms: number | null;
  /** From the bytes of a picture to its probability, one after another. */
  readonly adapterP50Ms: number | null;
  /** Of which: decoding the picture. */
  readonly decodeP50Ms: number | null;
  /** What is left: another process, its queue, encoding and reading. */
  readonly overheadMs: number | null;
}

const SERVER = fileURLToPath(new URL('../peers/inference-server.mjs', import.meta.url));
const WARM_UP = 20;

/** What each adapter costs beyond a bare HTTP client, against a server that computes nothing. */
export async function measureAdapters(
  bundleDir: string,
  { jpeg, requests }: { readonly jpeg: Buffer; readonly requests: number },
): Promise<AdapterOverhead[]> {
  const child = fork(SERVER);
  const [port] = await once(child, 'message');
  const base = `http://127.0.0.1:${port}`;
  const bundle = await loadBundle(bundleDir);
  const cache = { entries: 0 };
  const oip = (kind: string) =>
    createClassifier({ bundle, cache, server: { url: `${base}/${kind}`, model: 'demo', remote: false } });
  const plans = [
    {
      engine: 'oip, binary',
      open: () => oip('binary'),
      url: `${base}/binary/v2/models/demo/infer`,
      body: binaryBody(),
    },
    {
      engine: 'oip, JSON',
      open: () => oip('json'),
      url: `${base}/json/v2/models/demo/infer`,
      body: { headers: {}, body: jsonBody() },
    },
    {
      engine: 'openai',
      open: () => createChatClassifier({ cache, server: { url: `${base}/v1`, model: null, remote: false } }),
      url: `${base}/v1/chat/completions`,
      body: { headers: {}, body: chatBody(jpeg) },
    },
  ];
  try {
    const results: AdapterOverhead[] = [];
    for (const { engine, open, url, body } of plans) {
      const { bare, total, decode } = await sideBySide({ open, url, body, jpeg, requests });
      const [bareP50Ms, adapterP50Ms, decodeP50Ms] = [bare, total, decode].map((times) =>
        percentile(times, 50),
      );
      const rest = (adapterP50Ms ?? Number.NaN) - (decodeP50Ms ?? 0) - (bareP50Ms ?? 0);
      results.push({
        engine,
        bytes: Buffer.byteLength(body.body),
        bareP50Ms: bareP50Ms ?? null,
        adapterP50Ms: adapterP50Ms ?? null,
        decodeP50Ms: decodeP50Ms ?? null,
        overheadMs: Number.isNaN(rest) ? null : Math.round(rest * 100) / 100,
      });
    }
    return results;
  } finally {
    await stop(child);
  }
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** By turns, so that whatever else the machine does falls on both. */
async function sideBySide(plan: {
  readonly open: () => Promise<Classifier>;
  readonly url: string;
  readonly body: Body;
  readonly jpeg: Buffer;
  readonly requests: number;
}): Promise<{ bare: number[]; total: number[]; decode: number[] }> {
  const times: { bare: number[]; total: number[]; decode: number[] } = { bare: [], total: [], decode: [] };
  const classifier = await plan.open();
  try {
    for (let i = -WARM_UP; i < plan.requests; i += 1) {
      const image = Uint8Array.from(numberedJpeg(plan.jpeg, 5_000_000 + i));
      const from = performance.now();
      await ask(plan.url, plan.body);
      const between = performance.now();
      const { source, detail, timings } = await classifier.predict(image);
      const end = performance.now();
      if (source !== 'model') throw new Error(`no answer from the server: ${detail ?? source}`);
      if (i < 0) continue;
      times.bare.push(between - from);
      times.total.push(end - between);
      times.decode.push(timings.decodeMs);
    }
    return times;
  } finally {
    await classifier.close();
  }
}

/** `fetch` with a body that lies ready, and its answer parsed. */
async function ask(url: string, { headers, body }: Body): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.json();
}

const PIXELS = 224 * 224 * 3;
const TENSOR = { name: 'image', shape: [1, 224, 224, 3], datatype: 'UINT8' };

function binaryBody(): Body {
  const inputs = [{ ...TENSOR, parameters: { binary_data_size: PIXELS } }];
  const head = Buffer.from(JSON.stringify({ inputs, outputs: [{ name: 'roadwork' }] }));
  return {
    headers: { 'inference-header-content-length': String(head.length) },
    body: Buffer.concat([head, Buffer.alloc(PIXELS, 120)]),
  };
}

function jsonBody(): string {
  const data = Array.from({ length: PIXELS }, (_, i) => 100 + (i % 156));
  return JSON.stringify({ inputs: [{ ...TENSOR, data }], outputs: [{ name: 'roadwork' }] });
}

function chatBody(jpeg: Buffer): string {
  const url = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  return JSON.stringify({
    model: 'demo',
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
