import { type JunkKind, type JunkOrder, load, withJunk } from '../load/index.ts';
import { percentile } from '../measure/percentile.ts';
import { treeUsage } from '../measure/process-tree.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Signer } from '../requests/signer.ts';
import { CALLERS, STRANGER, signedStreams } from '../requests/streams.ts';

export const JUNK_KINDS: readonly JunkKind[] = [
  'unknown-route',
  'unknown-caller',
  'bad-signature',
  'replay',
  'slow',
  'oversized',
];

export interface UnderJunk {
  readonly kind: JunkKind;
  /** Addresses the junk came from. */
  readonly sources: number;
  readonly junkPerSecond: number;
  readonly junkStatuses: Readonly<Record<string, number>>;
  readonly honestRequests: number;
  readonly honestP50Ms: number | null;
  readonly honestP99Ms: number | null;
  readonly honestMaxMs: number | null;
  /** Honest requests that were not answered with 200, by status. */
  readonly honestFailures: Readonly<Record<string, number>>;
  readonly residentMb: number;
}

const HONEST_PER_SECOND = 40;
/** So many that one slow answer does not hold back the next request (it would go unmeasured). */
const HONEST_CONNECTIONS = 20;
/** The junk is there before the clock starts. */
const LEAD_MS = 1_500;

/** Latency of honest requests, each on a new connection as a validator opens one, while junk arrives. */
export async function measureUnderJunk(
  peer: RunningPeer,
  signer: Signer,
  options: {
    readonly kind: JunkKind;
    readonly sources: readonly string[];
    readonly durationMs: number;
    readonly bodies: readonly Uint8Array[];
  },
): Promise<UnderJunk> {
  const { kind, sources, durationMs, bodies } = options;
  const { target } = peer;
  const bodyBytes = bodies[0]?.length ?? 0;
  const streams = await signedStreams(signer, target, {
    connections: HONEST_CONNECTIONS,
    each: Math.ceil((HONEST_PER_SECOND * durationMs) / 1000 / HONEST_CONNECTIONS) + 1,
    spanMs: durationMs,
    bodyBytes,
  });
  const order = await junkOrder(peer, signer, kind, sources, bodies[0] ?? Buffer.alloc(0));
  const { junk, result } = await withJunk(order, async () => {
    await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
    const { host, port } = target;
    const honest = await load({
      host,
      port,
      streams,
      bodies,
      keepAlive: false,
      ratePerSecond: HONEST_PER_SECOND,
      durationMs,
      timeoutMs: 9_000,
    });
    return { honest, residentMb: treeUsage(peer.pid).residentMb };
  });
  const { '200': answered = 0, ...honestFailures } = result.honest.statuses;
  return {
    kind,
    sources: sources.length,
    junkPerSecond: Math.round((junk.sent * 1000) / junk.elapsedMs),
    junkStatuses: junk.statuses,
    honestRequests: answered,
    honestP50Ms: percentile(result.honest.latencies, 50),
    honestP99Ms: percentile(result.honest.latencies, 99),
    honestMaxMs: percentile(result.honest.latencies, 100),
    honestFailures,
    residentMb: result.residentMb,
  };
}

async function junkOrder(
  peer: RunningPeer,
  signer: Signer,
  kind: JunkKind,
  sources: readonly string[],
  body: Uint8Array,
): Promise<JunkOrder> {
  const { host, port } = peer.target;
  const shared = { kind, host, port, sources };
  const seed = kind === 'unknown-caller' ? STRANGER : (CALLERS[0] as string);
  const flood = kind === 'oversized';
  const bodyBytes = flood ? 2 ** 30 : body.length;
  const [signed] = await signedStreams(signer, peer.target, {
    connections: 1,
    each: 1,
    spanMs: 1,
    bodyBytes,
    seeds: [seed],
    route: kind === 'unknown-route' ? 'Nope' : 'ImageSynapse',
  });
  if (signed === undefined) throw new Error('nothing was signed');
  const { before, between, after, nonces, signatures } = signed;
  // Only a replay keeps the nonce its signature was made for.
  const nonce = kind === 'replay' || flood ? nonces[0] : '@nonce@';
  const head = `${before}${nonce}${between}${signatures[0]}${after}`;
  if (kind === 'slow') return { ...shared, connections: 2_000, head, body: Buffer.alloc(0) };
  if (flood) return { ...shared, connections: 64, head, body: Buffer.alloc(64 * 1024, 0x20) };
  return { ...shared, connections: 100, head, body };
}
