import { decodeIp, encodeIp, type IpRange, ipRange } from '../chain/index.ts';
import { type Place, placeText } from './announcement.ts';
import type { OwnStanding } from './view.ts';

/** One hotkey's axon from all sides. */
export interface AxonFacts {
  readonly name: string;
  readonly netuid: number;
  readonly uid: number | undefined;
  readonly announced: OwnStanding['axon'];
  /** What the settings would announce, as far as they say. */
  readonly wanted: { readonly ip: string | undefined; readonly port: number | undefined };
  /** Whether another port than the one listened on is announced on purpose. */
  readonly mapped: boolean;
  /** Whether it is one of several that the settings list and `serve --all` runs. */
  readonly listed?: boolean;
  /** The miner of this hotkey on this machine. */
  readonly listening:
    | {
        readonly pid: number;
        readonly host: string;
        readonly port: number;
        /** What the running miner announces, which flags may have told it; it knows better than the settings. null: nothing. */
        readonly announcing: { readonly ip: string; readonly port: number } | null;
      }
    | undefined;
}

export interface AxonFinding {
  readonly status: 'ok' | 'warning' | 'failed';
  readonly sentence: string;
  /** The command that mends it. */
  readonly fix?: string;
}

/** What disagrees between what is announced, what the settings say and what listens; one `ok` when nothing does. */
export function compareAxon(from: AxonFacts): AxonFinding[] {
  const facts = asItRuns(from);
  const { name, netuid, uid, announced } = facts;
  if (uid === undefined) {
    return [
      {
        status: 'failed',
        sentence: `"${name}" has no UID on subnet ${netuid}, so it cannot be announced.`,
        fix: `sv72 register --hotkey ${name}`,
      },
    ];
  }
  const set = `sv72 axon set --hotkey ${name}${facts.flags}`;
  if (announced === undefined || announced.ip === 0n) {
    const fix = facts.wanted.ip === undefined ? `${set} --external-ip ADDRESS` : set;
    return [
      {
        status: 'failed',
        sentence: `"${name}" (UID ${uid}) is not announced, so no validator finds it.`,
        fix,
      },
    ];
  }
  const place = placeText(announced);
  const found = [...announcedFindings(facts, announced, set), ...listeningFindings(facts, announced)];
  if (found.length > 0) return found;
  const { listening } = facts;
  return [
    {
      status: 'ok',
      sentence: `"${name}" (UID ${uid}) is announced at ${place}${facts.wanted.ip === undefined ? '' : ', as it should be'}, and its miner (process ${listening?.pid}) listens on port ${listening?.port}.`,
    },
  ];
}

/** With the running miner's word for what is wanted, where it announces something. */
function asItRuns(facts: AxonFacts): AxonFacts & { readonly says: string; readonly flags: string } {
  const { listening } = facts;
  const running = listening?.announcing ?? undefined;
  if (listening === undefined || running === undefined)
    return { ...facts, says: 'by the settings', flags: '' };
  return {
    ...facts,
    wanted: running,
    mapped: running.port !== listening.port,
    says: 'by its running miner',
    flags: ` --external-ip ${running.ip} --external-port ${running.port}`,
  };
}

function announcedFindings(
  { name, wanted, says }: ReturnType<typeof asItRuns>,
  announced: Place,
  set: string,
): AxonFinding[] {
  const found: AxonFinding[] = [];
  const place = placeText(announced);
  const range = rangeOf(announced);
  if (range !== 'public') {
    found.push({
      status: 'failed',
      sentence: `"${name}" is announced at ${place}, which cannot be reached from everywhere (${range}).`,
      fix: `${set} --external-ip ADDRESS`,
    });
  }
  const ip = wanted.ip === undefined ? undefined : encodeIp(wanted.ip);
  const differs =
    (ip !== undefined && (ip.ip !== announced.ip || ip.type !== announced.ipType)) ||
    (wanted.port !== undefined && wanted.port !== announced.port);
  if (differs) {
    const ours = placeText({
      ip: ip?.ip ?? announced.ip,
      ipType: ip?.type ?? announced.ipType,
      port: wanted.port ?? announced.port,
    });
    found.push({
      status: 'failed',
      sentence: `"${name}" is announced at ${place}, but ${says} it is at ${ours}.`,
      fix: set,
    });
  }
  return found;
}

function listeningFindings({ name, mapped, listening, listed }: AxonFacts, announced: Place): AxonFinding[] {
  if (listening === undefined) {
    return [
      {
        status: 'warning',
        sentence: `No miner of "${name}" runs on this machine, so whether something listens at ${placeText(announced)} is not known.`,
        fix: listed ? 'sv72 serve --all' : `sv72 serve --hotkey ${name}`,
      },
    ];
  }
  const { host, port } = listening;
  const listened = encodeIp(host);
  if (listened !== undefined && ipRange(listened) === 'loopback') {
    return [
      {
        status: 'failed',
        sentence: `The miner of "${name}" listens on ${host}, which only this machine can connect to.`,
        fix: 'sv72 config set axon.host ::',
      },
    ];
  }
  if (port !== announced.port && !mapped) {
    return [
      {
        status: 'warning',
        sentence: `The miner of "${name}" listens on port ${port}, and port ${announced.port} is announced: it must be mapped${listed ? ', and its entry in `miners` must name it as external_port' : ''}.`,
        fix: listed
          ? '$EDITOR "$(sv72 config path)"'
          : `sv72 config set axon.external_port ${announced.port}`,
      },
    ];
  }
  return [];
}

function rangeOf({ ip, ipType }: Place): IpRange {
  const text = decodeIp(ip, ipType);
  const encoded = text === undefined ? undefined : encodeIp(text);
  return encoded === undefined ? 'reserved' : ipRange(encoded);
}
