import { isIPv6 } from 'node:net';
import { Sv72Error } from '../errors/index.ts';

/** Where an axon listens. */
export interface Target {
  /** Name or address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, `[ipv6]:port` or `http://host:port`.
 * @throws ERR_TARGET
 */
export function parseTarget(text: string): Target {
  const match = /^(?:http:\/\/)?(?:\[([0-9a-f:.%]+)\]|([^\s:/@[\]]+)):(\d{1,5})\/?$/i.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535 || (match?.[1] !== undefined && !isIPv6(host))) {
    throw new Sv72Error('ERR_TARGET', `"${text}" is not of the form host:port.`, {
      details: { target: text },
    });
  }
  return { host, port };
}

/** As it stands in URLs and headers: IPv6 in brackets. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
