import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { load } from '../load/index.ts';
import { percentile } from '../measure/percentile.ts';
import type { RunningServe } from '../peers/serve.ts';
import { numberedJpeg } from '../requests/images.ts';
import type { Signer } from '../requests/signer.ts';
import { imageBody, signedStreams } from '../requests/streams.ts';

const BARE = fileURLToPath(new URL('../peers/bare-inference.mjs', import.meta.url));

export interface Overhead {
  /** Decode and inference in a process that does nothing else. */
  readonly bareP50Ms: number | null;
  /** Decode and inference as the miner's engine process timed them, for the same requests. */
  readonly engineP50Ms: number | null;
  /** Seen by the caller: one kept connection, every image a new one. */
  readonly callerP50Ms: number | null;
  readonly overheadMs: number | null;
  readonly requests: number;
}

/** What answering over HTTP costs beyond decoding and inferring. */
export async function measureOverhead(
  peer: RunningServe,
  signer: Signer,
  options: { readonly jpeg: Buffer; readonly requests: number; readonly bundle: string },
): Promise<Overhead> {
  const { jpeg, requests, bundle } = options;
  const bareP50Ms = await bare(bundle, jpeg, requests);
  const bodies = Array.from({ length: requests }, (_, i) => imageBody(numberedJpeg(jpeg, 1_000_000 + i)));
  // Bodies must have one length, since one head serves them all; the numbers have equal digits.
  const streams = await signedStreams(signer, peer.target, {
    connections: 1,
    each: requests,
    spanMs: 1_000,
    bodyBytes: bodies[0]?.length ?? 0,
  });
  const before = peer.challenges.length;
  const { host, port } = peer.target;
  const result = await load({
    host,
    port,
    streams,
    bodies,
    keepAlive: true,
    durationMs: 60_000,
    timeoutMs: 15_000,
  });
  const engine = peer.challenges
    .slice(before)
    .filter(({ source }) => source === 'model')
    .map(({ times }) => (times.decodeMs ?? 0) + (times.inferMs ?? 0));
  const callerP50Ms = percentile(result.latencies, 50);
  const overheadMs =
    callerP50Ms === null || bareP50Ms === null ? null : Math.round((callerP50Ms - bareP50Ms) * 100) / 100;
  return {
    bareP50Ms,
    engineP50Ms: percentile(engine, 50),
    callerP50Ms,
    overheadMs,
    requests: result.statuses['200'] ?? 0,
  };
}

async function bare(bundle: string, jpeg: Buffer, count: number): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-bench-'));
  try {
    const file = join(folder, 'image.jpg');
    writeFileSync(file, jpeg);
    const { stdout } = await promisify(execFile)(process.execPath, [BARE, bundle, file, String(count)]);
    return percentile(JSON.parse(stdout).times, 50);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
