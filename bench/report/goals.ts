import type { PeerResults, Results } from '../results.ts';

export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What this project wants to reach, and what was measured. Peers that a partial run left out give no goals. */
export function goals(results: Results): Goal[] {
  const peer = (id: string): PeerResults | undefined => results.peers.find((p) => p.id === id);
  const ours = peer('sv72-constant');
  const serve = peer('sv72-serve');
  const list: (Goal | undefined)[] = [
    rateGoal(ours, peer('python-9.12.2'), 20),
    rateGoal(ours, peer('python-10.5.0'), 6),
    ...[ours, serve].flatMap((p) => (p === undefined ? [] : junkGoals(p))),
    ...(serve === undefined ? [] : serveGoals(serve)),
    atMost('`sv72 --help`', results.cli.helpMs, results.cli.limitMs, 'ms'),
    atMost('`sv72 wallet list`', results.cli.walletListMs, results.cli.limitMs, 'ms'),
  ];
  return list.filter((goal) => goal !== undefined);
}

/** Against the peer's best rate; ours is the one at as many connections, so a lucky count does not help. */
function rateGoal(
  ours: PeerResults | undefined,
  theirs: PeerResults | undefined,
  times: number,
): Goal | undefined {
  if (ours === undefined || theirs === undefined) return undefined;
  const ratios = ours.rates.map((rate) => {
    const same = theirs.rates.find(
      (r) => r.connections === rate.connections && r.keepAlive === rate.keepAlive,
    );
    return same === undefined || same.perSecond === 0 ? 0 : rate.perSecond / same.perSecond;
  });
  const least = Math.min(...ratios);
  return {
    what: `rate against ${theirs.label}, constant answer, least of all connection counts`,
    wanted: `≥ ${times} ×`,
    measured: `${least.toFixed(1)} × (most: ${Math.max(...ratios).toFixed(1)} ×)`,
    met: least >= times,
  };
}

function junkGoals(peer: PeerResults): Goal[] {
  return peer.junk.map((under) => {
    const failed = Object.values(under.honestFailures).reduce((sum, count) => sum + count, 0);
    const from = under.sources === 1 ? 'one address' : `${under.sources} addresses`;
    return {
      what: `honest p99 of ${peer.label} under ${under.kind} from ${from}`,
      wanted: '< 100 ms, none lost',
      measured: `${under.honestP99Ms ?? '–'} ms, ${failed} lost`,
      met: (under.honestP99Ms ?? Number.POSITIVE_INFINITY) < 100 && failed === 0,
    };
  });
}

function serveGoals(serve: PeerResults): Goal[] {
  const after = serve.memory?.points.at(-1)?.residentMb ?? serve.residentMb;
  const requests = serve.memory?.points.at(-1)?.afterRequests ?? 0;
  const list = [
    atMost(
      'resident memory of the miner with the demonstration model, after start',
      serve.start.idle.residentMb,
      200,
      'MB',
    ),
    atMost(`the same after ${requests} requests`, after, 200, 'MB'),
    atMost(
      `its growth from the first tenth to ${requests} requests`,
      serve.memory?.growthMb ?? null,
      10,
      'MB',
    ),
    atMost('overhead over bare decode and inference, p50', serve.overhead?.overheadMs ?? null, 3, 'ms'),
  ];
  return list.filter((goal) => goal !== undefined);
}

function atMost(what: string, measured: number | null, limit: number, unit: string): Goal | undefined {
  if (measured === null) return undefined;
  return { what, wanted: `≤ ${limit} ${unit}`, measured: `${measured} ${unit}`, met: measured <= limit };
}
