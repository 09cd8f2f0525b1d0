import { treeUsage } from './measure/process-tree.ts';
import type { Peer } from './peers/peer.ts';
import type { RunningServe } from './peers/serve.ts';
import { JUNK_KINDS, measureUnderJunk, type UnderJunk } from './phases/junk.ts';
import { measureMemory } from './phases/memory.ts';
import { measureOverhead } from './phases/overhead.ts';
import { measureRefusals } from './phases/refusals.ts';
import { measureFirstAnswer } from './phases/start.ts';
import { measureRate, type Rate } from './phases/throughput.ts';
import type { Plan } from './plan.ts';
import { numberedJpeg } from './requests/images.ts';
import type { Signer } from './requests/signer.ts';
import { imageBody } from './requests/streams.ts';
import type { PeerResults } from './results.ts';

export interface PeerPlan {
  readonly peer: Peer;
  /** Requests that are signed for each second of a phase: more than the peer can answer. */
  readonly signPerSecond: number;
  readonly ours: boolean;
  /** Bundle folder, for the peer that computes. */
  readonly bundle?: string;
}

export interface Tools {
  readonly signer: Signer;
  readonly jpeg: Buffer;
  readonly plan: Plan;
  readonly note: (text: string) => void;
}

const CONNECTIONS = [1, 10, 50];
const ONE_SOURCE = ['127.0.1.1'];
const MANY_SOURCES = Array.from({ length: 64 }, (_, i) => `127.0.1.${i + 1}`);

/** All phases of one peer, each on a fresh process where the one before could have left traces. */
export async function measurePeer(peerPlan: PeerPlan, tools: Tools): Promise<PeerResults> {
  const { peer, ours } = peerPlan;
  const { signer, plan, jpeg, note } = tools;
  const single = [imageBody(numberedJpeg(jpeg, 1_000_000))];
  const step = (what: string): void => note(`${peer.label}: ${what}`);

  step('first answer');
  const start = await measureFirstAnswer(peer, signer, {
    runs: plan.startRuns,
    body: single[0] as Buffer,
  });
  const rated = await measureRates(peerPlan, tools, step);
  step('refusals');
  const refusals = await running(peer, (server) =>
    measureRefusals(server, signer, {
      durationMs: plan.refusalMs,
      requestsAtMost: atMost(peerPlan, plan.refusalMs) * (ours ? 4 : 2),
      bodies: single,
    }),
  );
  const junk: UnderJunk[] = [];
  for (const kind of ours ? JUNK_KINDS : plan.peerJunk) {
    for (const sources of ours && plan.manySources ? [ONE_SOURCE, MANY_SOURCES] : [ONE_SOURCE]) {
      step(`${kind} from ${sources.length} addresses`);
      const durationMs = ours ? plan.junkMs : plan.peerJunkMs;
      junk.push(
        await running(peer, (server) =>
          measureUnderJunk(server, signer, { kind, sources, durationMs, bodies: single }),
        ),
      );
    }
  }
  const bodiesOf = (from: number, count: number): Buffer[] =>
    peer.computes ? variants(jpeg, count, 2_000_000 + from) : single;
  if (ours) step(`memory over ${plan.memoryRequests} requests`);
  const memory = ours
    ? await running(peer, (server) =>
        measureMemory(server, signer, { requests: plan.memoryRequests, bodiesOf }),
      )
    : null;
  const { bundle } = peerPlan;
  if (bundle) step('overhead');
  const overhead = bundle
    ? await running(peer, (server) =>
        measureOverhead(server as RunningServe, signer, { jpeg, requests: plan.overheadRequests, bundle }),
      )
    : null;
  return { id: peer.id, label: peer.label, start, ...rated, refusals, junk, memory, overhead };
}

async function measureRates(
  peerPlan: PeerPlan,
  { signer, plan, jpeg }: Tools,
  step: (what: string) => void,
): Promise<Pick<PeerResults, 'rates' | 'residentMb' | 'rssMb' | 'pssMb' | 'processes'>> {
  const { peer } = peerPlan;
  const requestsAtMost = atMost(peerPlan, plan.rateMs);
  let number = 3_000_000;
  return await running(peer, async (server) => {
    const rates: Rate[] = [];
    for (const keepAlive of [true, false]) {
      for (const connections of CONNECTIONS) {
        step(`${connections} connections, ${keepAlive ? 'kept' : 'new for each request'}`);
        const bodies = variants(jpeg, peer.computes ? requestsAtMost : 1, number);
        number += bodies.length;
        const order = { connections, keepAlive, durationMs: plan.rateMs, requestsAtMost, bodies };
        rates.push(await measureRate(server, signer, order));
      }
    }
    const { residentMb, rssMb, pssMb, processes } = treeUsage(server.pid);
    return { rates, residentMb, rssMb, pssMb, processes };
  });
}

async function running<T>(
  peer: Peer,
  use: (server: Awaited<ReturnType<Peer['start']>>) => Promise<T>,
): Promise<T> {
  const server = await peer.start();
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

const atMost = (peerPlan: PeerPlan, durationMs: number): number =>
  Math.ceil((peerPlan.signPerSecond * durationMs) / 1000);

/** Bodies with different images: none is answered from the cache. All are equally long. */
function variants(jpeg: Buffer, count: number, from: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => imageBody(numberedJpeg(jpeg, from + i)));
}
