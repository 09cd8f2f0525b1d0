import { isIP } from 'node:net';

/** An address as the chain stores it: the number of its bytes, highest first, and 4 or 6. */
export interface ChainIp {
  readonly ip: bigint;
  readonly type: 4 | 6;
}

/** Where an address leads, as far as its number tells. Only `public` can be reached from everywhere. */
export type IpRange =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'carrier-nat'
  | 'link-local'
  | 'multicast'
  | 'documentation'
  | 'reserved';

/**
 * An IPv4 or IPv6 address in text as the chain's number. An IPv4 address mapped into IPv6 (::ffff:1.2.3.4) becomes IPv4,
 * which is what validators can connect to.
 * @returns undefined when it is no address; zones (fe80::1%eth0) are none
 */
export function encodeIp(text: string): ChainIp | undefined {
  const family = text.includes('%') ? 0 : isIP(text);
  if (family === 4) return { ip: v4Number(text), type: 4 };
  if (family !== 6) return undefined;
  const ip = v6Number(text);
  return ip >> 32n === 0xffffn ? { ip: ip & 0xffffffffn, type: 4 } : { ip, type: 6 };
}

/**
 * The chain's number as text, IPv6 in its shortest form (RFC 5952).
 * @returns undefined when the number does not fit its type
 */
export function decodeIp(ip: bigint, type: number): string | undefined {
  if (ip < 0n) return undefined;
  if (type === 4) return ip < 1n << 32n ? v4Text(ip) : undefined;
  if (type !== 6 || ip >= 1n << 128n) return undefined;
  return v6Text(ip);
}

/** `1.2.3.4:8091` or `[2001:db8::1]:8091`. */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

const V4_RANGES: readonly (readonly [string, number, IpRange])[] = [
  ['0.0.0.0', 32, 'unspecified'],
  ['0.0.0.0', 8, 'reserved'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-nat'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

const V6_RANGES: readonly (readonly [string, number, IpRange])[] = [
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['64:ff9b:1::', 48, 'private'],
  ['100::', 64, 'reserved'],
  ['2001:db8::', 32, 'documentation'],
  ['3fff::', 20, 'documentation'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'private'],
  ['ff00::', 8, 'multicast'],
  ['2000::', 3, 'public'],
];

/** Which range an address is of (IANA special-purpose registries). IPv6 outside 2000::/3 is reserved unless listed. */
export function ipRange({ ip, type }: ChainIp): IpRange {
  const bits = type === 4 ? 32 : 128;
  const ranges = type === 4 ? V4_RANGES : V6_RANGES;
  const found = ranges.find(([base, length]) => {
    const shift = BigInt(bits - length);
    return ip >> shift === (type === 4 ? v4Number(base) : v6Number(base)) >> shift;
  });
  return found?.[2] ?? (type === 4 ? 'public' : 'reserved');
}

function v4Number(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function v4Text(ip: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((ip >> shift) & 0xffn).toString()).join('.');
}

function v6Number(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = dotted?.[2] === undefined ? undefined : v4Number(dotted[2]);
  const whole =
    v4 === undefined ? text : `${dotted?.[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const [head = '', tail] = whole.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function v6Text(ip: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((ip >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  );
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
