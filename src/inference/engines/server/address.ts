import { isIP } from 'node:net';
import { Sv72Error } from '../../../errors/index.ts';

/** An inference server, and what it may be told. */
export interface ServerSpec {
  /** Base URL: what the protocol's paths are put behind. */
  readonly url: string;
  /** Name of the model there. */
  readonly model: string;
  /** Sent as a bearer token; never in a message or a log. */
  readonly token?: string;
  /** Whether pictures may leave this machine. */
  readonly remote: boolean;
  /** How long it may take to be ready when the miner starts, ms. Default 20000. */
  readonly readyMs?: number;
}

/**
 * The base URL without a slash at its end, once it is clear that pictures may go there.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_CONSENT
 */
export function serverBase({ url, remote }: Pick<ServerSpec, 'url' | 'remote'>): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new Sv72Error('ERR_SERVER_URL', 'The address of the inference server is no http or https URL.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new Sv72Error(
      'ERR_SERVER_URL',
      'The address of the inference server holds a user name or a password.',
      {
        next: 'Put the token into an environment variable and name that in server.token_env.',
      },
    );
  }
  if (!remote && !isOwn(parsed.hostname)) {
    throw new Sv72Error(
      'ERR_SERVER_CONSENT',
      `The inference server ${parsed.host} is not on this machine: pictures would leave it.`,
      { details: { host: parsed.host } },
    );
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}

/** Addresses that only this machine answers. Names are not looked up: what a name means can change. */
function isOwn(host: string): boolean {
  if (host === 'localhost' || host === '[::1]') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
