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
    ...cascadeGoals(results),
    ...hotkeyGoals(results),
    ...trainingGoals(results),
    ...variantGoals(results),
    ...adapterGoals(results),
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

/** Of the trainer: what feeds it shall not be what it waits for. */
function cascadeGoals({ cascade = [] }: Results): Goal[] {
  return cascade.map(({ what, perSecond, optimum }) =>
    atLeast(`answers of a cascade (${what}), of what is possible`, (100 * perSecond) / optimum, 90, '%'),
  );
}

/** The model is computed once for a picture, and a further hotkey is little more than a socket. */
function hotkeyGoals({ hotkeys = [] }: Results): (Goal | undefined)[] {
  const [one, three] = hotkeys;
  if (one === undefined || three === undefined) return [];
  return [
    atMost(
      'inferences for a picture that three hotkeys are asked about',
      three.inferences / three.pictures,
      1,
      '',
    ),
    atMost(
      'memory of three hotkeys beside one',
      Math.round((three.residentMb - one.residentMb) * 10) / 10,
      30,
      'MB',
    ),
  ];
}

function trainingGoals({ training }: Results): Goal[] {
  if (training === undefined) return [];
  const { random, stored, fresh, freshUncached } = training.rates;
  return [
    atLeast('training on stored views, of what the step alone does', (100 * stored) / random, 90, '%'),
    atLeast('what the decode cache gains on 12-megapixel pictures', fresh / freshUncached, 3, '×'),
  ];
}

/** The forms that each kind of net is to be quantized to; a net of a millisecond gains nothing. */
function variantGoals({ variants = [] }: Results): Goal[] {
  return variants.flatMap(({ model, variant, sourceMs, variantMs }) =>
    (model.startsWith('convnext') && variant === 'int8-static') ||
    (model.startsWith('vit') && variant === 'int8-dynamic')
      ? [atLeast(`${variant} of ${model} against the model`, sourceMs / variantMs, 1.5, '×')]
      : [],
  );
}

function atLeast(what: string, measured: number, limit: number, unit: string): Goal {
  return {
    what,
    wanted: `≥ ${limit} ${unit}`,
    measured: `${unit === '%' ? Math.round(measured) : measured.toFixed(2)} ${unit}`,
    met: measured >= limit,
  };
}

/** Numbers as text are four times the bytes, which costs the bare client as well. */
function adapterGoals({ adapters = [] }: Results): Goal[] {
  const list = adapters.map(({ engine, overheadMs }) =>
    atMost(
      `overhead of ${engine} over a bare client and decoding, p50`,
      overheadMs,
      engine.includes('JSON') ? 10 : 3,
      'ms',
    ),
  );
  return list.filter((goal) => goal !== undefined);
}

function atMost(what: string, measured: number | null, limit: number, unit: string): Goal | undefined {
  if (measured === null) return undefined;
  return { what, wanted: `≤ ${limit} ${unit}`, measured: `${measured} ${unit}`, met: measured <= limit };
}
