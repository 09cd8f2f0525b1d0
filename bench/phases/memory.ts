import { load } from '../load/index.ts';
import { treeUsage } from '../measure/process-tree.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Signer } from '../requests/signer.ts';
import { signedStreams } from '../requests/streams.ts';

interface MemoryPoint {
  readonly afterRequests: number;
  readonly residentMb: number;
  readonly rssMb: number;
  readonly pssMb: number;
}

export interface MemoryGrowth {
  readonly points: readonly MemoryPoint[];
  readonly failures: Readonly<Record<string, number>>;
  /** Between the first tenth (caches, compiled code and heap have settled) and the end. */
  readonly growthMb: number;
}

const CONNECTIONS = 10;
const BATCHES = 40;

/**
 * Resident memory while many requests are answered.
 * @param options.bodiesOf the bodies of `count` requests, of one length; `from` requests were sent before
 */
export async function measureMemory(
  peer: RunningPeer,
  signer: Signer,
  options: { readonly requests: number; readonly bodiesOf: (from: number, count: number) => Uint8Array[] },
): Promise<MemoryGrowth> {
  const { host, port } = peer.target;
  const points: MemoryPoint[] = [{ afterRequests: 0, ...memory(peer.pid) }];
  const failures: Record<string, number> = {};
  const each = Math.ceil(options.requests / BATCHES / CONNECTIONS);
  let done = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const bodies = options.bodiesOf(done, each * CONNECTIONS);
    const streams = await signedStreams(signer, peer.target, {
      connections: CONNECTIONS,
      each,
      // Close together: a slow server must still find the last of them fresh.
      spanMs: 5_000,
      bodyBytes: bodies[0]?.length ?? 0,
    });
    const result = await load({
      host,
      port,
      streams,
      bodies,
      keepAlive: true,
      durationMs: 60_000,
      timeoutMs: 15_000,
    });
    for (const [status, count] of Object.entries(result.statuses))
      if (status !== '200') failures[status] = (failures[status] ?? 0) + count;
    done += result.requests;
    points.push({ afterRequests: done, ...memory(peer.pid) });
  }
  const settled = points[Math.ceil(BATCHES / 10)]?.residentMb ?? 0;
  const growthMb = Math.round(((points.at(-1)?.residentMb ?? 0) - settled) * 10) / 10;
  return { points, failures, growthMb };
}

function memory(pid: number): Omit<MemoryPoint, 'afterRequests'> {
  const { residentMb, rssMb, pssMb } = treeUsage(pid);
  return { residentMb, rssMb, pssMb };
}
