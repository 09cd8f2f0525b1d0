import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { connect } from 'node:tls';
import { expandHome, type Surroundings } from '../config/index.ts';
import type { Expiry } from './expiry.ts';

const TIMEOUT_MS = 10_000;

/**
 * When a certificate ends.
 *
 * @param place a PEM file, or host:port of a server, whose certificate need not be of a known authority
 * @param offline whether servers are left out
 * @returns a clause that says what is wrong, where that cannot be found out; undefined for one that is left out
 */
export async function certificateEnd(
  place: string,
  at: Surroundings,
  offline: boolean,
): Promise<Expiry | string | undefined> {
  const server = /^(?:\[([0-9a-f:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/i.exec(place);
  if (server && offline) return undefined;
  try {
    const host = server?.[1] ?? server?.[2] ?? '';
    const certificate = server
      ? await ofServer(host, Number(server[3]))
      : new X509Certificate(await readFile(resolve(at.cwd, expandHome(place, at.home))));
    return {
      kind: 'certificate',
      what: `the certificate ${place}`,
      at: Math.floor(Date.parse(certificate.validTo) / 1000),
    };
  } catch {
    return `The certificate ${place} cannot be read.`;
  }
}

/** Only its end is looked at, nothing is sent: an untrusted or expired one must be seen, too. */
async function ofServer(host: string, port: number): Promise<X509Certificate> {
  return await new Promise((done, fail) => {
    const socket = connect({
      host,
      port,
      servername: /^[\d.:]+$/.test(host) ? '' : host,
      rejectUnauthorized: false,
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) done(certificate);
      else fail(new Error('no certificate'));
    });
  });
}
