import type { ChallengeEvent, ListeningEvent, MinerEvent } from './events.ts';
import type { GroupStatus } from './status.ts';

const LEVELS = { info: '', warning: 'warning: ', error: 'ERROR: ' } as const;

/** Lines for people: the status block when it listens, then one line an event. */
export function renderEvent(event: MinerEvent): string[] {
  switch (event.event) {
    case 'listening':
      return statusBlock(event);
    case 'challenge':
      return [`${clock(event.at)}  ${challengeLine(event)}`];
    case 'refused': {
      const { address, message } = event.example;
      const times = event.count === 1 ? '' : ` ×${event.count}`;
      return [
        `${clock(event.at)}  refused${times}  ${event.reason}  from ${address} to ${event.name}: ${message}`,
      ];
    }
    case 'note':
      return [`${clock(event.at)}  ${LEVELS[event.level]}${event.message}`];
    case 'stopped':
      return [
        `${clock(event.at)}  stopped (${event.why}${event.forced ? ', at once' : ''}): ` +
          `${event.answered} answered, ${event.failed} failed, ${event.refused} refused in ${duration(event.uptimeS)}`,
      ];
  }
}

function statusBlock(event: ListeningEvent): string[] {
  const { groups, limits } = event;
  const several = groups.length > 1;
  const doors = [...event.routes, ...(event.btauthRoute === null ? [] : [`${event.btauthRoute} (btauth/1)`])];
  const rows: [string, string][] = [
    ...event.axons.map((axon, index): [string, string] => [
      index === 0 ? 'axon' : '',
      `${hostPort(axon.host, axon.port)}  ${axon.name}${several ? ` (${axon.profile})` : ''}  ${axon.hotkey}  ${event.network === 'offline' ? 'uid unknown' : onChain(axon)}`,
    ]),
    ['routes', doors.join('  ')],
    [
      'network',
      event.network === 'offline' ? 'offline: no chain' : `${event.network}, netuid ${event.netuid}`,
    ],
    ['callers', event.callers],
    ...groups.flatMap((group) => modelRows(group, several)),
    [
      'limits',
      `${several ? '' : `answers within ${limits.answerWithinS} s, `}${limits.bodyMib} MiB a body, ` +
        `${limits.connections} connections (${limits.connectionsPerAddress} an address)`,
    ],
    [
      'metrics',
      event.metrics === null ? 'off' : `http://${hostPort(event.metrics.host, event.metrics.port)}/metrics`,
    ],
    ['store', event.store ?? 'off'],
    ...event.warnings.map((warning): [string, string] => ['warning', warning]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `sv72 ${event.version}, ${several ? `${event.axons.length} miners` : `profile ${event.profile}`}, process ${event.pid}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
  ];
}

function modelRows({ profile, hotkeys, bundle, engine, answerWithinS }: GroupStatus, several: boolean) {
  const rows: [string, string][] = [
    ['model', `${bundle.name} ${bundle.version}${bundle.demo ? ' (demonstration)' : ''}`],
    [
      'engine',
      engine.device === 'server'
        ? `${engine.name}, ${count(engine.processes, 'process', 'processes')} asking it, ${ms(engine.inferMs)} an image`
        : `${engine.name} on ${engine.device}, ` +
          `${count(engine.processes, 'process', 'processes')} of ${count(engine.threads, 'thread')}, ${ms(engine.inferMs)} an image`,
    ],
    ['variant', `${engine.variant} (${engine.chosen})`],
  ];
  if (!several) return rows;
  const whose: [string, string] = [
    'profile',
    `${profile}, answers within ${answerWithinS} s for ${hotkeys.join(', ')}`,
  ];
  return [whose, ...rows];
}

function onChain({ uid, announced }: ListeningEvent['axons'][number]): string {
  return `${uid === null ? 'no uid' : `uid ${uid}`}, ${announced === null ? 'not announced' : `announced at ${announced}`}`;
}

function challengeLine(event: ChallengeEvent): string {
  const { image, times } = event;
  // Of a picture that no engine came to decode nothing is known but its bytes.
  const unread = event.reason === 'undecodable' ? 'no image' : 'not read';
  const size = image.width === null ? unread : `${image.width}×${image.height}`;
  const answer = event.prediction === null ? 'failed' : event.prediction.toFixed(4);
  const why = event.reason === null ? '' : ` (${event.reason})`;
  return [
    answer.padEnd(6),
    ms(times.totalMs).padStart(8),
    `${event.source ?? 'none'}${why}`.padEnd(6),
    `${size}, ${bytes(image.bytes)}`.padEnd(20),
    `${shortAddress(event.validator)} → ${event.name} ${shortAddress(event.miner)}`,
    event.protocol === 'axon' ? event.route : `${event.route} (btauth/1)`,
  ].join('  ');
}

/** `[::1]:8091` and `127.0.0.1:8091`. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Enough of an address to tell callers apart on one line. */
export function shortAddress(ss58: string): string {
  return ss58.length <= 12 ? ss58 : `${ss58.slice(0, 6)}…${ss58.slice(-4)}`;
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function bytes(value: number): string {
  return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

function clock(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
