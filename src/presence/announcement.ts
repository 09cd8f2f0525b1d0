import {
  type AxonInfo,
  type ChainIp,
  decodeIp,
  hostPort,
  type PlainInput,
  servingWait,
} from '../chain/index.ts';

/** What a hotkey tells the chain: where its axon is, or where its Prometheus endpoint is. */
export interface Announcement {
  readonly kind: 'axon' | 'prometheus';
  readonly version: number;
  readonly ip: ChainIp;
  readonly port: number;
}

/** What the chain has of it now. */
export type Announced = Pick<AxonInfo, 'block' | 'version' | 'ip' | 'ipType' | 'port'> & {
  readonly protocol?: number;
};

/** The SDK's number of the protocol; nothing reads it. */
const PROTOCOL = 4;

/** sv72's version as the SDK writes its own on chain: a·1000000 + b·1000 + c. */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = (version.match(/\d+/g) ?? []).map(Number);
  const part = (value: number) => Math.min(value, 999);
  return part(major) * 1_000_000 + part(minor) * 1_000 + part(patch);
}

/** Taking an axon back: what btcli announces for that, too. */
export const RESET: Announcement = { kind: 'axon', version: 0, ip: { ip: 0n, type: 4 }, port: 1 };

export interface AnnouncementCall {
  readonly call: string;
  readonly args: Readonly<Record<string, PlainInput>>;
}

/** The call of SubtensorModule that makes the announcement. Signed by the hotkey, without a fee. */
export function announcementCall(
  { kind, version, ip, port }: Announcement,
  netuid: number,
): AnnouncementCall {
  const args = { netuid, version, ip: ip.ip, port, ip_type: ip.type };
  return kind === 'prometheus'
    ? { call: 'serve_prometheus', args }
    : { call: 'serve_axon', args: { ...args, protocol: PROTOCOL, placeholder1: 0, placeholder2: 0 } };
}

/** Arguments of the call as SCALE writes them: all of fixed length, in the order above, lowest byte first. */
export function announcementBytes({ kind, version, ip, port }: Announcement, netuid: number): Uint8Array {
  const bytes = Buffer.alloc(kind === 'axon' ? 28 : 25);
  bytes.writeUInt16LE(netuid, 0);
  bytes.writeUInt32LE(version, 2);
  bytes.writeBigUInt64LE(ip.ip & 0xffff_ffff_ffff_ffffn, 6);
  bytes.writeBigUInt64LE(ip.ip >> 64n, 14);
  bytes.writeUInt16LE(port, 22);
  bytes.writeUInt8(ip.type, 24);
  if (kind === 'axon') bytes.writeUInt8(PROTOCOL, 25);
  return bytes;
}

/** What is to be done about an announcement. */
export type Decision =
  | { readonly kind: 'same' }
  | { readonly kind: 'announce' }
  /** The chain takes another one of this hotkey in so many blocks. */
  | { readonly kind: 'wait'; readonly blocks: number };

/** Whether the chain has to be told: only when it has something else, and not before its rate limit allows. */
export function decide(
  wish: Announcement,
  there: Announced | undefined,
  at: { readonly block: number; readonly rateLimit: number },
): Decision {
  if (there && isSame(wish, there)) return { kind: 'same' };
  // The call comes into the next block at the earliest.
  const blocks = there ? servingWait({ protocol: PROTOCOL, ...there }, at.block + 1, at.rateLimit) : 0;
  return blocks === 0 ? { kind: 'announce' } : { kind: 'wait', blocks };
}

/** Whether the chain has this very announcement. */
export function isSame({ kind, version, ip, port }: Announcement, there: Announced): boolean {
  return (
    there.ip === ip.ip &&
    there.ipType === ip.type &&
    there.port === port &&
    there.version === version &&
    (kind === 'prometheus' || there.protocol === PROTOCOL)
  );
}

/** Where an announcement leads. */
export type Place = Pick<Announced, 'ip' | 'ipType' | 'port'>;

export function placeOf({ ip, port }: Pick<Announcement, 'ip' | 'port'>): Place {
  return { ip: ip.ip, ipType: ip.type, port };
}

/** Whether both lead to the same place, whatever their version. */
export function samePlace(one: Place, other: Place): boolean {
  return one.ip === other.ip && one.ipType === other.ipType && one.port === other.port;
}

/** `198.51.100.7:8091`, or that it leads nowhere (address 0: never announced, or taken back). */
export function placeText({ ip, ipType, port }: Place): string {
  if (ip === 0n) return 'no address';
  return hostPort(decodeIp(ip, ipType) ?? `0x${ip.toString(16)}`, port);
}
