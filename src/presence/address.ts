import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { type ChainIp, encodeIp, type IpRange, ipRange } from '../chain/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** An address that validators are told, and how it was found. */
export interface AnnouncedAddress {
  readonly text: string;
  readonly ip: ChainIp;
  readonly range: IpRange;
  /** settings: as given; host: the address listened on; interface: the only public one that this machine has. */
  readonly from: 'settings' | 'host' | 'interface';
}

export interface AddressOptions {
  /** `axon.external_ip`: what to announce, when it was said. */
  readonly externalIp: string | null;
  /** `axon.host`: what is listened on. */
  readonly host: string;
  /** Announce an address that cannot be reached from everywhere, too, where the chain takes it. */
  readonly force: boolean;
  readonly interfaces?: NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/** What the chain refuses, whoever insists (subtensor, subnets/serving.rs: is_valid_ip_address). */
const NEVER: readonly ChainIp[] = [
  { type: 4, ip: 0x7f00_0001n },
  { type: 4, ip: 0xffff_ffffn },
  { type: 6, ip: 1n },
  { type: 6, ip: (1n << 128n) - 1n },
];
const FORCED_NEXT =
  'Name another address with --external-ip (on one machine 127.0.0.2 does), or leave the announcement out with --no-announce.';

const WORDS: Readonly<Record<Exclude<IpRange, 'public'>, string>> = {
  unspecified: 'stands for no address at all',
  loopback: 'means this machine to whoever uses it',
  private: 'is of a private network, where validators are not',
  'carrier-nat': 'is of a provider’s own network (CGNAT), where validators are not',
  'link-local': 'is good on one cable only',
  multicast: 'is for groups, not for one machine',
  documentation: 'is for examples in documents',
  reserved: 'is reserved, so nothing can be reached there',
};

/**
 * The address to announce: the one that was given, else the one listened on, else the only public address of this machine's
 * interfaces (IPv4 before IPv6, which many validators lack). Nobody outside is asked.
 *
 * @throws ERR_EXTERNAL_IP when none is given and none or several are found; ERR_ANNOUNCE_ADDRESS when it cannot be reached from
 *   everywhere and is not forced, or is one that the chain never takes (127.0.0.1, ::1).
 */
export function announcedAddress(options: AddressOptions): AnnouncedAddress {
  const { externalIp, host, force } = options;
  if (externalIp !== null) return checked(externalIp, 'settings', force);
  const listened = encodeIp(host);
  if (listened && ipRange(listened) !== 'unspecified' && (force || ipRange(listened) === 'public')) {
    return checked(host, 'host', force);
  }
  const wanted = listened && ipRange(listened) !== 'unspecified' ? [] : publicAddresses(options);
  const v4 = wanted.filter((address) => isIP(address) === 4);
  const found = v4.length > 0 ? v4 : wanted;
  if (found.length === 1 && found[0] !== undefined) return checked(found[0], 'interface', force);
  throw new Sv72Error('ERR_EXTERNAL_IP', whyNone(found, listened === undefined ? undefined : host), {
    details: { found },
  });
}

function checked(text: string, from: AnnouncedAddress['from'], force: boolean): AnnouncedAddress {
  const ip = encodeIp(text);
  if (ip === undefined) {
    throw new Sv72Error(
      'ERR_ANNOUNCE_ADDRESS',
      `${text.slice(0, 80)} is no IPv4 or IPv6 address, and the chain takes no names.`,
      { next: 'Give the address in numbers, with --external-ip.' },
    );
  }
  const range = ipRange(ip);
  if (force && NEVER.some((one) => one.type === ip.type && one.ip === ip.ip)) {
    throw new Sv72Error(
      'ERR_ANNOUNCE_ADDRESS',
      `The chain itself takes no announcement of ${text}, so it cannot be forced either.`,
      { next: FORCED_NEXT, details: { address: text, range } },
    );
  }
  if (range === 'public' || (force && range !== 'unspecified')) return { text, ip, range, from };
  throw new Sv72Error('ERR_ANNOUNCE_ADDRESS', `The address ${text} ${WORDS[range]}.`, {
    details: { address: text, range },
  });
}

function publicAddresses({ host, interfaces = networkInterfaces() }: AddressOptions): string[] {
  // An IPv4 socket takes no IPv6; `::` takes both.
  const families = host === '0.0.0.0' ? [4] : [4, 6];
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const addresses = all
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .filter((address) => {
      const ip = encodeIp(address);
      return ip !== undefined && families.includes(ip.type) && ipRange(ip) === 'public';
    });
  return [...new Set(addresses)];
}

function whyNone(found: readonly string[], host: string | undefined): string {
  if (found.length > 1)
    return `This machine has ${found.length} public addresses (${found.join(', ')}), so which one to announce has to be said.`;
  return host !== undefined && ipRange(encodeIp(host) ?? { ip: 0n, type: 4 }) !== 'unspecified'
    ? `The address listened on, ${host}, cannot be reached from everywhere, so which one to announce has to be said.`
    : 'This machine has no public address of its own, so the one under which others reach it has to be said.';
}
