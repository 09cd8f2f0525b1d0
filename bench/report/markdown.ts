import type { PeerResults, Results } from '../results.ts';
import { goals } from './goals.ts';

type Row = readonly (string | number | null)[];

/** The table for the README: one row per peer. */
export function summaryTable(results: Results): string {
  const connections = [1, 10, 50];
  const rate = (peer: PeerResults, count: number) =>
    peer.rates.find((r) => r.connections === count && r.keepAlive);
  const rows = results.peers.map((peer) => [
    peer.label,
    ...connections.map((count) => rate(peer, count)?.perSecond ?? null),
    `${rate(peer, 1)?.p50Ms ?? '–'} / ${rate(peer, 1)?.p99Ms ?? '–'}`,
    Math.round(peer.residentMb),
    `${peer.refusals.unknownRoute.cpuMsPerRequest} / ${peer.refusals.unknownCaller.cpuMsPerRequest} / ${peer.refusals.badSignature.cpuMsPerRequest}`,
    peer.start.firstAnswerMs,
  ]);
  const head = [
    '',
    ...connections.map((count) => `requests/s, ${count} conn.`),
    'p50 / p99 ms, 1 conn.',
    'memory MB',
    'CPU ms of a 404 / 403 / 401',
    'first answer after ms',
  ];
  return `${table(head, rows)}\n\n${machineLine(results)}`;
}

/** Everything that was measured, as docs/benchmarks.md shows it. */
export function fullReport(results: Results): string {
  const sections = [
    '## Summary',
    summaryTable(results),
    '## Goals',
    table(
      ['', 'goal', 'measured', ''],
      goals(results).map((g) => [g.what, g.wanted, g.measured, g.met ? 'met' : 'MISSED']),
    ),
    '## Rates',
    'Every request is signed afresh. Each connection asks again as soon as it was answered; "new" opens a connection for each request, as a validator’s step does.',
    ratesTable(results),
    '## Honest requests while junk arrives',
    `40 honest requests a second, each on a new connection, while a second process sends junk as fast as it can.`,
    junkTable(results),
    '## Memory',
    '“Resident” counts the memory of all processes of a server, and each file that several of them map once.',
    memoryTable(results),
    ...overheadSection(results),
    ...adaptersSection(results),
    '## One signature check',
    table(
      ['', 'ms'],
      results.signatures.map(({ name, ms }) => [name, ms]),
    ),
    '## Start of short commands',
    table(
      ['', 'ms'],
      [
        ['`node -e 0`', results.cli.bareNodeMs],
        ['`sv72 --help`', results.cli.helpMs],
        ['`sv72 wallet list`', results.cli.walletListMs],
      ],
    ),
    ...cascadeSection(results),
    ...hotkeysSection(results),
    ...trainingSection(results),
    ...variantsSection(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

function ratesTable(results: Results): string {
  const rows = results.peers.flatMap((peer) =>
    peer.rates.map((r) => [
      peer.label,
      r.connections,
      r.keepAlive ? 'kept' : 'new',
      r.perSecond,
      r.p50Ms,
      r.p99Ms,
      r.cpuMsPerRequest,
      counts(r.unexpected),
    ]),
  );
  return table(['', 'connections', '', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms/request', 'not 200'], rows);
}

function junkTable(results: Results): string {
  const rows = results.peers.flatMap((peer) =>
    peer.junk.map((j) => [
      peer.label,
      j.kind,
      j.sources,
      j.junkPerSecond,
      j.honestP50Ms,
      j.honestP99Ms,
      j.honestMaxMs,
      j.honestRequests,
      counts(j.honestFailures),
    ]),
  );
  const head = ['', 'junk', 'addresses', 'junk/s', 'p50 ms', 'p99 ms', 'max ms', 'answered', 'not 200'];
  return table(head, rows);
}

function memoryTable(results: Results): string {
  const rows = results.peers.flatMap((peer) => {
    const idle: Row[] = [
      [peer.label, 'started', peer.start.idle.residentMb, peer.start.idle.rssMb, peer.start.idle.pssMb],
    ];
    const points = peer.memory?.points ?? [];
    const shown = points.filter((_, i) => i === 2 || i === 10 || i === points.length - 1);
    return [
      ...idle,
      ...shown.map(({ afterRequests, residentMb, rssMb, pssMb }) => [
        peer.label,
        `after ${afterRequests} requests`,
        residentMb,
        rssMb,
        pssMb,
      ]),
    ];
  });
  return table(['', '', 'resident MB', 'sum of processes MB', 'proportional MB'], rows);
}

function overheadSection(results: Results): string[] {
  const found = results.peers.find((peer) => peer.overhead !== null)?.overhead;
  if (!found) return [];
  const rows: Row[] = [
    ['decode and inference alone, in one process', found.bareP50Ms],
    ['decode and inference inside the miner', found.engineP50Ms],
    ['signed request to answer, one connection', found.callerP50Ms],
    ['overhead', found.overheadMs],
  ];
  return ['## Overhead with the demonstration model', table(['', 'p50 ms'], rows)];
}

function cascadeSection({ cascade }: Results): string[] {
  if (cascade === undefined) return [];
  return [
    '## Cascade',
    'Two stages that do one picture at a time in 5 and 40 ms; the first is in doubt about one picture in ten.',
    table(
      ['', 'answers/s', 'possible', 'p50 ms', 'possible'],
      cascade.map((each) => [each.what, each.perSecond, each.optimum, each.p50Ms, each.leastMs]),
    ),
  ];
}

function hotkeysSection({ hotkeys }: Results): string[] {
  if (hotkeys === undefined) return [];
  return [
    '## Several hotkeys',
    'One miner, the demonstration model, different pictures one after another, each to all hotkeys at once; with three, one of them has another profile with the same model.',
    table(
      ['hotkeys', 'pictures', 'requests', 'inferences', 'memory MB', 'p50 ms until all have answered'],
      hotkeys.map((each) => [
        each.hotkeys,
        each.pictures,
        each.hotkeys * each.pictures,
        each.inferences,
        each.residentMb,
        each.p50Ms,
      ]),
    ),
  ];
}

function adaptersSection({ adapters }: Results): string[] {
  if (adapters === undefined) return [];
  return [
    '## Engines that ask a server',
    'Median of one picture after another, against a server on this machine that computes nothing, and a bare `fetch` with a body that lies ready in between. Overhead is what is left beside it and decoding.',
    table(
      ['engine', 'request kB', 'bare client ms', 'engine ms', 'of which decoding', 'overhead ms'],
      adapters.map((a) => [
        a.engine,
        Math.round(a.bytes / 1_000),
        a.bareP50Ms,
        a.adapterP50Ms,
        a.decodeP50Ms,
        a.overheadMs,
      ]),
    ),
  ];
}

function variantsSection({ variants }: Results): string[] {
  if (variants === undefined) return [];
  return [
    '## Variants',
    'One picture through the embedded engine on the CPU, median. All but the demonstration model have random weights, which tell nothing of accuracy.',
    table(
      ['', 'variant', 'threads', 'model ms', 'variant ms', 'faster', 'model MB', 'variant MB'],
      variants.map((v) => [
        v.model,
        v.variant,
        v.threads,
        v.sourceMs,
        v.variantMs,
        `${(v.sourceMs / v.variantMs).toFixed(2)}×`,
        v.sourceMb,
        v.variantMb,
      ]),
    ),
  ];
}

function trainingSection({ training }: Results): string[] {
  if (training === undefined) return [];
  const { random, ...rates } = training.rates;
  const row = (name: string, rate: number): Row => [
    name,
    Math.round(rate),
    `${Math.round((100 * rate) / random)} %`,
  ];
  return [
    '## Training',
    `Images a second of \`sv72 train\` with the backbone ${training.backbone} on ${training.hardware}, and how much that is of what the same step does on pixels that are there already.`,
    table(
      ['', 'images/s', 'of the bound'],
      [
        row('random pixels (the bound)', random),
        row('stored views', rates.stored),
        row('new views each time, decode cache on', rates.fresh),
        row('new views each time, decode cache off, 12-megapixel pictures', rates.freshUncached),
      ],
    ),
  ];
}

function machineLine({ machine, at, sv72, imageBytes }: Results): string {
  const busy =
    machine.loadBefore > 0.5
      ? ` The machine had other work to do (load ${machine.loadBefore} at the start), so these are not its best figures.`
      : '';
  const kilobytes = (imageBytes / 1000).toFixed(0);
  return `Measured ${at.slice(0, 10)} with sv72 ${sv72}, a ${kilobytes} kB JPEG and everything on one machine: ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, Linux ${machine.kernel}, Node.js ${machine.node}.${busy}`;
}

function counts(statuses: Readonly<Record<string, number>>): string {
  const list = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  return list.length === 0 ? '–' : list.join(', ');
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`;
  const ruler = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(head), line(ruler), ...rows.map(line)].join('\n');
}
