import type { RunningPeer } from '../peers/peer.ts';
import type { Signer } from '../requests/signer.ts';
import { STRANGER } from '../requests/streams.ts';
import { measureRate, type Rate } from './throughput.ts';

/** Addresses of nobody here: a signature made for it is wrong for every axon of the benchmark. */
const OTHER_AXON = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

export interface Refusals {
  /** 404 */
  readonly unknownRoute: Rate;
  /** 403 */
  readonly unknownCaller: Rate;
  /** 401: a permitted caller's name, a fresh nonce, a well-formed signature over something else */
  readonly badSignature: Rate;
}

/** What it costs to say no. */
export async function measureRefusals(
  peer: RunningPeer,
  signer: Signer,
  options: {
    readonly durationMs: number;
    readonly requestsAtMost: number;
    readonly bodies: readonly Uint8Array[];
  },
): Promise<Refusals> {
  const shared = { ...options, connections: 10, keepAlive: true };
  return {
    unknownRoute: await measureRate(peer, signer, { ...shared, expect: 404, route: 'Nope' }),
    unknownCaller: await measureRate(peer, signer, { ...shared, expect: 403, seeds: [STRANGER] }),
    badSignature: await measureRate(peer, signer, { ...shared, expect: 401, signedFor: OTHER_AXON }),
  };
}
