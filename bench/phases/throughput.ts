import { load } from '../load/index.ts';
import { percentile } from '../measure/percentile.ts';
import { treeUsage } from '../measure/process-tree.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Signer } from '../requests/signer.ts';
import { signedStreams } from '../requests/streams.ts';

export interface Rate {
  readonly connections: number;
  readonly keepAlive: boolean;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Processor time of the server for one request. */
  readonly cpuMsPerRequest: number;
  /** Answers that were not what was expected, by status. */
  readonly unexpected: Readonly<Record<string, number>>;
}

export interface RateOptions {
  readonly connections: number;
  readonly keepAlive: boolean;
  readonly durationMs: number;
  /** More than the server will answer in the time. */
  readonly requestsAtMost: number;
  readonly bodies: readonly Uint8Array[];
  readonly expect?: number;
  readonly seeds?: readonly string[];
  readonly signedFor?: string;
  readonly route?: string;
}

/** Requests a second and latency, each connection asking again as soon as it is answered. */
export async function measureRate(peer: RunningPeer, signer: Signer, options: RateOptions): Promise<Rate> {
  const { connections, keepAlive, durationMs, requestsAtMost, bodies, expect = 200 } = options;
  const streams = await signedStreams(signer, peer.target, {
    connections,
    each: Math.ceil(requestsAtMost / connections),
    spanMs: durationMs,
    bodyBytes: bodies[0]?.length ?? 0,
    ...(options.seeds && { seeds: options.seeds }),
    ...(options.signedFor && { signedFor: options.signedFor }),
    ...(options.route && { route: options.route }),
  });
  const before = treeUsage(peer.pid).cpuMs;
  const { host, port } = peer.target;
  const result = await load({ host, port, streams, bodies, keepAlive, durationMs, timeoutMs: 15_000 });
  const cpuMs = treeUsage(peer.pid).cpuMs - before;
  const { [String(expect)]: good = 0, ...unexpected } = result.statuses;
  return {
    connections,
    keepAlive,
    requests: good,
    perSecond: Math.round((good * 10_000) / result.elapsedMs) / 10,
    p50Ms: percentile(result.latencies, 50),
    p99Ms: percentile(result.latencies, 99),
    cpuMsPerRequest: Math.round((cpuMs / Math.max(1, result.requests)) * 1000) / 1000,
    unexpected,
  };
}
